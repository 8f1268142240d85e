"""Anything sent to any door of this room is answered by name; of two at once, one wins."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from kit.app import App
from kit.errors import Refusal
from people.feature import PEOPLE
from people.identity import cookie_name
from people.models.person import ADMINISTRATOR
from people.proofs import new_proof
from people.service import persons, roles, sign_in
from people.service.sign_in import Asked, Letter
from tests.people.browsers import OFFICE, add_person, open_session
from tests.people.browsers import sign_in as be

FIELDS = ("email", "back", "code", "name", "language", "roles", "invite", "person", "scopes", "expires")
FILTERS = ("q", "role", "archived", "page", "who", "kind", "since", "until", "before", "back")
NASTY = st.text(max_size=30) | st.sampled_from(
    ["\x00", "\ud800", "9" * 30, "-1", "true", "2026-02-30", "0001-01-01", "9999-12-31", "%", "_", "'", "//x"]
)
SAFE = (PEOPLE.doors[0].name, "people.sign_out", "people.erase_me")
DOORS = [door for door in PEOPLE.doors if door.kind == "page" and door.name not in SAFE]


@pytest.fixture
def dialect() -> str:
    """One database is enough here; the races below run on both."""
    return "sqlite"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_form_and_any_filter_is_answered_by_name(
    app: App, client: TestClient, data: st.DataObject
) -> None:
    person_id = add_person(app, "boss@example.org", ADMINISTRATOR)
    client.cookies.set(cookie_name(app.settings), open_session(app, person_id))
    door = data.draw(st.sampled_from(DOORS))
    path = door.path.replace("{id:uuid}", str(person_id)).replace("{attempt:uuid}", str(person_id))
    path = path.replace("{link}", "x%00é").replace("{secret}", "x%ff")
    sent = data.draw(st.dictionaries(st.sampled_from(FIELDS if door.method == "POST" else FILTERS), NASTY))
    kept = {name: value.encode("utf-8", "surrogatepass") for name, value in sent.items()}
    if door.method == "POST":
        answer = client.post(path, content=_encoded(kept), headers={"content-type": FORM})
    else:
        answer = client.get(f"{path}?{_encoded(kept)}")
    assert answer.status_code < 500, (door.name, sent)


FORM = "application/x-www-form-urlencoded"


def _encoded(fields: dict[str, bytes]) -> str:
    return "&".join(f"{name}={''.join(f'%{byte:02X}' for byte in value)}" for name, value in fields.items())


class TestRaces:
    """On both databases."""

    @pytest.fixture(params=["sqlite", "postgresql"])
    def dialect(self, request: pytest.FixtureRequest) -> str:
        return str(request.param)

    def test_a_link_used_twice_at_once_works_once(self, app: App) -> None:
        proof = new_proof()
        letter = Letter("Subject", "Text", "")
        asked = Asked("camille@example.org")
        app.db.write(lambda session: sign_in.start(session, asked, proof, b"code", letter).id)
        outcomes = together(app, [lambda session: sign_in.use_link(session, proof.link).id] * 8)
        assert sum(not isinstance(outcome, Refusal) for outcome in outcomes) == 1

    def test_codes_tried_at_once_are_all_counted(self, app: App) -> None:
        proof = new_proof()
        asked = Asked("camille@example.org")
        app.db.write(lambda session: sign_in.start(session, asked, proof, b"right", Letter("S", "T", "")).id)

        def miss(session: Session) -> str:
            tried = sign_in.try_code(session, proof.attempt_id, b"wrong", "192.0.2.1")
            return tried.name if isinstance(tried, Refusal) else "right"

        assert sorted(together(app, [miss] * 12)) == ["sign_in_over"] * 8 + ["wrong_code"] * 4

    def test_an_address_that_arrives_twice_at_once_is_one_person(self, app: App) -> None:
        come = [lambda session: persons.welcome(session, "camille@example.org").id] * 8
        assert len(set(together(app, come))) == 1

    def test_two_administrators_cannot_remove_each_other(self, app: App) -> None:
        ids = [add_person(app, f"{name}@example.org", ADMINISTRATOR) for name in ("one", "two")]

        def leave(person_id: Any) -> Any:
            return lambda session: roles.set_roles(session, OFFICE, persons.get(session, person_id), [])

        outcomes = together(app, [leave(person_id) for person_id in ids])
        assert sum(isinstance(outcome, Refusal) for outcome in outcomes) == 1


def together(app: App, units: list[Any]) -> list[Any]:
    """What came of units that were all asked for at the same moment."""

    def run(unit: Any) -> Any:
        try:
            return app.db.write(unit)
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(len(units)) as pool:
        return list(pool.map(run, units))


def test_a_browser_of_someone_archived_sees_the_public_site(app: App, client: TestClient) -> None:
    add_person(app, "boss@example.org", ADMINISTRATOR)
    person_id = be(app, client, "lou@example.org")
    app.db.write(lambda session: persons.archive(session, OFFICE, person_id).id)
    assert client.get("/sign-in").status_code == 200
