"""One request as a handler sees it: who asks, in which language, with which fields."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

from msgspec import Struct
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from config.collective import Collective, FeaturesOff
from kit.auth import ANONYMOUS, Principal
from kit.errors import BadRequest
from kit.forms import read_fields
from kit.web.bodies import read_body
from kit.web.doors import Door

if TYPE_CHECKING:
    from kit.app import App

S = TypeVar("S", bound=Struct)
NOTICE_SECONDS = 120


@dataclass(frozen=True)
class UploadedFile:
    """A file sent with a form, already in memory and under the door's size cap."""

    name: str
    content_type: str
    data: bytes


@dataclass
class Call:
    """One request. Handlers read from it and answer with it; it never outlives the request."""

    request: Request
    app: "App"
    door: Door
    principal: Principal = ANONYMOUS
    language: str = "en"
    collective: Collective = field(default_factory=Collective)
    features_off: FeaturesOff = field(default_factory=FeaturesOff)
    raw_body: bytes = b""
    fields: Mapping[str, list[str]] = field(default_factory=dict)
    files: Mapping[str, UploadedFile] = field(default_factory=dict)
    badges: Mapping[str, int] = field(default_factory=dict)
    found: Any = None
    """What `door.first` read, for its handler."""

    @property
    def path(self) -> dict[str, Any]:
        """The values in the address, converted by the route."""
        return dict(self.request.path_params)

    @property
    def idempotency_key(self) -> str | None:
        return self.request.headers.get("idempotency-key")

    @property
    def client(self) -> str:
        """The address of the machine that asks (behind trusted proxies, the one they tell)."""
        return self.request.client.host if self.request.client else ""

    def query(self, shape: type[S]) -> S:
        """The query string as `shape`. Raises Invalid with a sentence per field."""
        params = self.request.query_params
        return read_fields({name: params.getlist(name) for name in params}, shape)

    def form(self, shape: type[S]) -> S:
        """The form's fields as `shape`; an empty field takes its default. Raises Invalid."""
        return read_fields(self.fields, shape)

    def form_values(self) -> dict[str, str]:
        """The fields as sent, to fill the form again after a refusal."""
        return {name: values[-1] for name, values in self.fields.items() if values}

    def file(self, name: str) -> UploadedFile | None:
        """The file sent under `name`, or None when the field was left empty."""
        return self.files.get(name)

    def body(self, shape: type[S]) -> S:
        """The JSON body as `shape`. Raises BadRequest (not JSON), Invalid (what is wrong, by field)."""
        return read_body(self.raw_body, shape)

    def url(self, door: str, **params: Any) -> str:
        """The address of a door on this node; parameters that are not in the path become a query."""
        return self.app.url(door, **params)

    def absolute(self, path: str) -> str:
        """`path` under the node's public address."""
        return self.app.settings.node.url + path

    def page(self, template: str, status: int = 200, **context: Any) -> Response:
        """Render `templates/<template>` for this call."""
        text = self.app.templates.render(template, self, context)
        response = HTMLResponse(text, status_code=status)
        if self.notice:
            response.delete_cookie("notice", path="/")
        return response

    def see_other(self, where: str, *, notice: Any = "", undo: str = "", **params: Any) -> Response:
        """303 to a door or an address; `notice` is shown there once, with "Undo" when `undo` is given."""
        target = where if where.startswith("/") else self.url(where, **params)
        response = RedirectResponse(target, status_code=303)
        if notice:
            sealed = self.app.seal.close("notice", json.dumps({"text": str(notice), "undo": undo}))
            response.set_cookie("notice", sealed, NOTICE_SECONDS, path="/", httponly=True, samesite="lax")
        return response

    @cached_property
    def notice(self) -> dict[str, str]:
        """What the last act left to say: {"text", "undo"}, or nothing."""
        sealed = self.request.cookies.get("notice", "")
        opened = self.app.seal.open("notice", sealed) if sealed else None
        return dict(json.loads(opened)) if opened else {}

    def is_open(self, room: str) -> bool:
        """Whether the collective keeps that room open."""
        return room not in self.features_off.names

    def same_page(self, **changes: Any) -> str:
        """This page's address with some query parameters changed; None removes one."""
        params = dict(self.request.query_params) | changes
        kept = {name: value for name, value in params.items() if value not in (None, "")}
        return self.request.url.path + (f"?{urlencode(kept, doseq=True)}" if kept else "")


async def split_form(form: FormData) -> tuple[dict[str, list[str]], dict[str, UploadedFile]]:
    """A parsed form as plain fields and files; empty file fields are left out.

    Raises BadRequest for text that is no Unicode: a part may name an alphabet that makes lone surrogates.
    """
    fields: dict[str, list[str]] = {}
    files: dict[str, UploadedFile] = {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            data = await value.read()
            if value.filename or data:
                files[name] = UploadedFile(value.filename or "", value.content_type or "", data)
        else:
            fields.setdefault(_unicode(name), []).append(_unicode(value))
    return fields, files


def _unicode(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise BadRequest(cause=str(error)) from error
    return text
