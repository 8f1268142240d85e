"""Any bytes at the door of the inbox: a named 4xx, and no row changed."""

import http.client
import json
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.db import Database
from tests.federation.conftest import make_villager
from tests.federation.running import Running, Stranger, running, stranger

HEADER = st.text(string.printable.strip() + " ", max_size=120).map(str.strip)
NAMES = ("Signature", "Signature-Input", "Content-Digest", "Digest", "Date", "Content-Type", "Host")


@pytest.fixture
def pair(db: Database, tmp_path: Path) -> Iterator[tuple[Running, Stranger]]:
    with running(db, tmp_path) as here, stranger() as villager:
        make_villager(here, villager)
        yield here, villager


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_arbitrary_headers_and_bytes(pair: tuple[Running, Stranger]) -> None:
    here, _ = pair
    before = here.tables()

    @settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.tuples(st.sampled_from(NAMES), HEADER), max_size=6), st.binary(max_size=400))
    def knock(headers: list[tuple[str, str]], body: bytes) -> None:
        kind = [] if any(name == "Content-Type" for name, _ in headers) else [KIND]
        status, _, answer = here.ask("POST", "/inbox", [*headers, *kind], body)
        assert 400 <= status < 500
        assert not answer.startswith(b"{") or json.loads(answer)["type"]

    try:
        knock()
    except http.client.HTTPException as error:
        pytest.fail(f"no answer: {error}")
    assert here.tables() == before


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
MEMBERS = st.dictionaries(
    st.sampled_from(
        ["@context", "id", "type", "actor", "object", "to", "cc", "proof", "vil:critical", "@id"]
    ),
    JSON,
    max_size=6,
)


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_arbitrary_activities_signed_by_a_villager(pair: tuple[Running, Stranger]) -> None:
    """The proof or the actor is never right by chance, so nothing is stored."""
    here, villager = pair
    before = here.tables()

    @settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
    @given(MEMBERS, st.booleans())
    def knock(members: dict[str, object], with_actor: bool) -> None:
        activity = members | ({"actor": villager.actor} if with_actor else {})
        status, name = here.send(villager.message(here, activity))
        assert 400 <= status < 500
        assert name

    knock()
    assert here.tables("rate_mark", "remote_actor") == {
        name: rows for name, rows in before.items() if name not in {"rate_mark", "remote_actor"}
    }


KIND = ("Content-Type", "application/activity+json")
