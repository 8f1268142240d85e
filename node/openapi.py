"""The JSON API described by itself: OpenAPI 3.1 from the doors, and a page to read it."""

import re
from typing import Any

import msgspec
from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.app import App
from kit.errors import Refusal
from kit.features import House
from kit.web import Call, Door, api, json_answer, page, read
from kit.web.answers import PROBLEM, Problem

PLACE = re.compile(r"{(\w+)(?::(\w+))?}")
FORMATS = {"uuid": {"type": "string", "format": "uuid"}, "int": {"type": "integer"}}
ALWAYS = (400, 401, 403, 404, 409, 413, 415, 422, 429, 503)
REF = "#/components/schemas/{name}"


def document(house: House, server: str, version: str) -> dict[str, Any]:
    """The whole OpenAPI document of a house."""
    doors = sorted((door for door in house.doors.values() if door.kind == "api"), key=lambda door: door.path)
    shapes = [shape for door in doors for shape in (door.body, door.answer, door.query) if shape is not None]
    _, components = msgspec.json.schema_components([*shapes, Problem], ref_template=REF)
    paths: dict[str, dict[str, Any]] = {}
    for door in doors:
        path = PLACE.sub(lambda match: "{" + match.group(1) + "}", door.path)
        paths.setdefault(path, {})[door.method.lower()] = _operation(door)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Hameau", "version": version, "license": {"name": "AGPL-3.0-or-later"}},
        "servers": [{"url": server}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(door: Door) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": door.name,
        "summary": door.summary,
        "parameters": [*_path_parameters(door), *_query_parameters(door), *_header_parameters(door)],
        "responses": {str(door.status): _answer(door), **_refusals(door.refusals)},
    }
    if door.body is not None:
        content = {"application/json": {"schema": _schema(door.body)}}
        operation["requestBody"] = {"required": True, "content": content}
    if door.scope:
        operation["security"] = [{"token": []}]
        operation["description"] = f"Needs a token with the scope `{door.scope}`."
    if door.needs == "machine":
        operation["security"] = [{"token": []}]
        operation["description"] = "Needs the token of a paired device."
    if door.scope_inside:
        operation["security"] = [{}, {"token": []}]
        operation["description"] = f"A token with the scope `{door.scope_inside}` sees more."
    return operation


def _schema(shape: Any) -> dict[str, Any]:
    (schema,), _ = msgspec.json.schema_components([shape], ref_template=REF)
    return schema


def _path_parameters(door: Door) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": FORMATS.get(kind, {"type": "string"})}
        for name, kind in PLACE.findall(door.path)
    ]


def _query_parameters(door: Door) -> list[dict[str, Any]]:
    if door.query is None:
        return []
    schemas = msgspec.json.schema_components([door.query], ref_template=REF)[1]
    properties = schemas[door.query.__name__]["properties"]
    return [{"name": name, "in": "query", "schema": schema} for name, schema in properties.items()]


def _header_parameters(door: Door) -> list[dict[str, Any]]:
    if door.method == "GET":
        return []
    schema = {"type": "string", "maxLength": 200}
    return [{"name": "Idempotency-Key", "in": "header", "required": False, "schema": schema}]


def _answer(door: Door) -> dict[str, Any]:
    if door.answer is None:
        return {"description": "Done"}
    return {"description": "Done", "content": {"application/json": {"schema": _schema(door.answer)}}}


def _refusals(named: tuple[type[Refusal], ...]) -> dict[str, Any]:
    names: dict[int, list[str]] = {status: [] for status in ALWAYS}
    for refusal in named:
        names.setdefault(refusal.status, []).append(refusal.name)
    return {
        str(status): {
            "description": ", ".join(found) or "Refused",
            "content": {PROBLEM: {"schema": _schema(Problem)}},
        }
        for status, found in sorted(names.items())
    }


def of_app(app: App) -> dict[str, Any]:
    """The document of a running node."""
    return document(app.house, app.settings.node.url, app.version)


@read
def show_document(call: Call, _session: Session) -> Response:
    """The machine's copy."""
    return json_answer(of_app(call.app))


@read
def show_page(call: Call, _session: Session) -> Response:
    """The reader's copy: every address, its fields and its refusals, without JavaScript."""
    whole = of_app(call.app)
    return call.page("node/api.html", document=whole)


DOORS = (
    api("GET", "/api/openapi.json", "node.openapi", show_document, summary="This document"),
    page("GET", "/api/docs", "node.api_docs", show_page),
)
