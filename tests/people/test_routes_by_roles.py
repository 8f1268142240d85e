"""Every door of the house, knocked at by a stranger, by a person without a role and by every role.

The handlers are replaced by one that only says "come in": what is tried is the real way to each door, from
the address to the guard. Who may pass is what `docs/permissions.md` says, word for word.
"""

import inspect
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from starlette.responses import Response
from starlette.testclient import TestClient

from config.settings import Settings
from kit.app import App
from kit.db import Database
from kit.features import Feature
from kit.web import Call, Door, flow
from node.app import build, create_app
from node.features import FEATURES
from people.commands import COMMANDS
from people.identity import cookie_name
from people.models.person import ADMINISTRATOR, ROLES
from tests.nodes import URL
from tests.people import matrix
from tests.people.browsers import add_person, open_session

STRANGER, MEMBER = "stranger", "member"
CALLERS = (STRANGER, MEMBER, *ROLES)
PARTS = re.compile(r"{(\w+)(?::(\w+))?}")
EXAMPLES = {"uuid": "01900000-0000-7000-8000-000000000000", "int": "1", "float": "1.5"}
OPEN = "x-come-in"
BY_ITS_OWN_PROOF = {"pos.pairings.create"}
"""Doors that change something and ask for no key: what is sent to them proves itself."""


@pytest.fixture
def dialect() -> str:
    """One database is enough: no handler runs."""
    return "sqlite"


@flow
def come_in(_call: Call) -> Response:
    return Response(headers={OPEN: "yes"})


@flow
async def come_in_later(_call: Call) -> Response:
    return Response(headers={OPEN: "yes"})


def hollow(feature: Feature) -> Feature:
    """The same doors, leading nowhere."""
    doors = tuple(
        replace(door, run=come_in_later if inspect.iscoroutinefunction(door.run) else come_in, first=None)
        for door in feature.doors
    )
    return replace(feature, doors=doors)


@pytest.fixture
def app(db: Database, settings: Settings) -> App:
    return build(settings, [hollow(feature) for feature in FEATURES], db)


@pytest.fixture
def knock(app: App) -> Iterator["Knock"]:
    with TestClient(create_app(app.settings, app.house.features, app=app), base_url=URL) as client:
        yield Knock(app, client)


class Knock:
    """One browser and one key per caller."""

    def __init__(self, app: App, client: TestClient) -> None:
        self.app, self.client = app, client
        self.cookies: dict[str, str] = {}
        self.keys: dict[str, str] = {}
        for caller in CALLERS[1:]:
            email = f"{caller}@example.org"
            person_id = add_person(app, email, *([caller] if caller != MEMBER else []))
            self.cookies[caller] = open_session(app, person_id)
            self.keys[caller] = str(COMMANDS["person.token"](app, {"email": email, "scopes": ["*"]})["token"])

    def at(self, door: Door, caller: str, *, key: str = "") -> bool:
        """Whether the door opens; when it does not, the refusal is the right one."""
        headers = {"sec-fetch-site": "same-origin"}
        if caller in self.cookies:
            headers["cookie"] = f"{cookie_name(self.app.settings)}={self.cookies[caller]}"
        if key or caller in self.keys:
            headers["authorization"] = f"Bearer {key or self.keys[caller]}"
        path = PARTS.sub(lambda part: EXAMPLES.get(part.group(2) or "", "x"), door.path)
        answer = self.client.request(door.method, path, headers=headers, follow_redirects=False)
        if OPEN in answer.headers:
            return True
        assert _is_right_refusal(answer.status_code, door, caller), f"{door.name}: {answer.status_code}"
        return False


def _is_right_refusal(status: int, door: Door, caller: str) -> bool:
    if caller != STRANGER:
        return status == 403
    return status == (401 if door.is_for_machines else 303)


def may(passing: str, caller: str) -> bool:
    """What the page says of a caller."""
    if passing == matrix.EVERYONE:
        return True
    if caller == STRANGER:
        return False
    if passing == matrix.ANYONE:
        return True
    return caller != MEMBER and (passing == "any role" or caller in passing.split(", "))


def test_the_page_of_permissions_is_current() -> None:
    assert matrix.PAGE.read_text(encoding="utf-8") == matrix.page(), "Run: python -m tests.people.matrix"


def test_every_door_opens_to_those_the_page_names_and_to_nobody_else(app: App, knock: Knock) -> None:
    said = matrix.written()
    wrong = []
    for door in app.house.doors.values():
        passing, scope = said.get(door.name, ("not on the page", ""))
        for caller in CALLERS:
            expected = may(passing, caller) and (not scope or caller != STRANGER)
            if knock.at(door, caller) is not expected:
                wrong.append(f"{caller} at {door.method} {door.path}: should be {expected}")
    assert not wrong, "\n".join(wrong)


def test_a_key_without_the_scope_opens_nothing_that_asks_for_one(app: App, knock: Knock) -> None:
    email = f"{ADMINISTRATOR}@example.org"
    scoped = [door for door in app.house.doors.values() if door.scope]
    for door in scoped:
        others = sorted({other.scope for other in scoped} - _opening(door.scope))
        args = {"email": email, "scopes": others} if others else None
        if args:
            key = str(COMMANDS["person.token"](app, args)["token"])
            assert not knock.at(door, ADMINISTRATOR, key=key), door.name


def _opening(scope: str) -> set[str]:
    """The scopes that open a door of `scope`: writing opens reading too."""
    return {scope, scope.replace(":read", ":write")}


def test_doors_of_pages_ask_for_no_scope_and_doors_of_peers_for_no_person(app: App) -> None:
    for door in app.house.doors.values():
        assert not door.scope or door.kind == "api", door.name
        assert door.needs == "public" or door.kind != "protocol", door.name


def test_the_office_and_my_space_are_never_public(app: App) -> None:
    for door in app.house.doors.values():
        if door.path.startswith("/admin"):
            assert door.needs in app.house.permissions, f"{door.name} needs a permission"
        if door.path.startswith("/my"):
            assert door.needs == "signed_in", door.name


def test_api_doors_that_change_something_ask_for_a_scope(app: App) -> None:
    for door in app.house.doors.values():
        if door.kind == "api" and door.method not in {"GET", "HEAD", "OPTIONS"}:
            assert door.scope or door.needs == "machine" or door.name in BY_ITS_OWN_PROOF, door.name


def test_every_permission_of_a_door_belongs_to_a_room(app: App) -> None:
    asked = {door.needs for door in app.house.doors.values()} - {"public", "signed_in", "machine"}
    assert asked <= set(app.house.permissions)


def test_every_role_named_by_a_room_exists(app: App) -> None:
    named = {role for roles in app.house.permissions.values() for role in roles}
    assert named <= {*ROLES, "*"}
