"""Any input to any door of the agenda gives a named answer, never an error of ours, never a changed row."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from starlette.testclient import TestClient

from agenda.federated.reading import read_event
from agenda.feeds.table import FileNotReadable, read_file
from agenda.models.event import Event
from agenda.refusals import NotReadable
from agenda.richtext import clean, from_markdown
from kit.app import App
from kit.db import Database
from tests.agenda.test_api import EVENTS, editor
from tests.factories.events import NOON, mobilizon

pytestmark = [
    pytest.mark.usefixtures("noon"),
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True),
]
__all__ = ["editor"]
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
TEXT = st.text(st.characters(blacklist_categories=["Cs"]), max_size=40)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
DATES = st.sampled_from(
    ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-12-04T19:30:00Z", "2026-02-30", "", "x"]
)
FIELDS = [
    "name",
    "start",
    "end",
    "timezone",
    "description",
    "place",
    "tags",
    "price",
    "capacity",
    "booking_url",
]
QUERY = st.dictionaries(
    st.sampled_from(
        ["from", "to", "q", "tag", "place", "node", "free", "page", "cursor", "limit", "month", "x"]
    ),
    TEXT | DATES | st.sampled_from(["1", "-1", "2026-11", "999999999999999999999", "%", "'", "\x00"]),
    max_size=4,
)


@FEW
@given(query=QUERY)
def test_any_query(client: TestClient, query: dict[str, str], dialect: str) -> None:
    for address in ("/agenda", "/agenda.json", "/agenda/past", "/api/v1/events", "/api/v1/agenda"):
        assert client.get(address, params=query).status_code in {200, 401, 422}


@FEW
@given(body=st.dictionaries(st.sampled_from(FIELDS), VALUES | DATES, max_size=6))
def test_any_body(client: TestClient, editor: dict[str, str], body: dict[str, Any], dialect: str) -> None:
    whole = {"name": "Jeux", "start": "2026-12-04T19:30:00Z"} | body
    answer = client.post(EVENTS, json=whole, headers=editor)
    assert answer.status_code in {201, 400, 404, 409, 422}, answer.text
    if answer.status_code == 201:
        client.delete(f"{EVENTS}/{answer.json()['id']}", headers=editor)


@FEW
@given(body=st.binary(max_size=60))
def test_any_bytes(
    app: App, client: TestClient, editor: dict[str, str], db: Database, body: bytes, dialect: str
) -> None:
    headers = editor | {"content-type": "application/json"}
    assert 400 <= client.post(EVENTS, content=body, headers=headers).status_code < 500
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(Event)) == 0


@FEW
@given(told=st.dictionaries(st.sampled_from(sorted(mobilizon())), VALUES | DATES, max_size=6))
def test_any_event_of_others(told: dict[str, Any], dialect: str) -> None:
    try:
        event = read_event(mobilizon() | told, "https://mob.example/@groupe", NOON, "Europe/Paris")
    except NotReadable:
        return
    assert event.uri.startswith("https://mob.example/")
    assert len(event.name) <= 160


@FEW
@given(data=st.binary(max_size=200) | TEXT.map(lambda text: f"name,start\n{text},2026-01-01\n".encode()))
def test_any_file(data: bytes, dialect: str) -> None:
    try:
        lines = read_file(data, "Europe/Paris")
    except FileNotReadable:
        return
    assert all(line.values or line.wrong for line in lines)


@FEW
@given(text=st.text(alphabet="<>/ab=\"'[](){}*_`#!&;:\n -", max_size=80))
def test_any_rich_text_is_safe(text: str, dialect: str) -> None:
    for safe in (from_markdown(text), clean(text)):
        assert "<script" not in safe
        assert "<img" not in safe
        assert 'href="javascript' not in safe.lower()
        assert clean(safe) == clean(clean(safe))
