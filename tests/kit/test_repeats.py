"""A flow of the API that is asked twice under one key: once done, the same answer, whatever happens."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

import anyio
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from config.settings import Settings
from kit import clock
from kit.db import Database
from kit.errors import Conflict
from kit.features import Feature
from kit.ids import new_id
from kit.web import Call, api, flow
from kit.web.repeat import CLAIMED_FOR, KEPT_FOR, UNDER_WAY, RepeatedCall, forget_old_answers
from node.app import build, create_app

KEY = {"idempotency-key": "once"}


@dataclass
class Slow:
    """A room of two flows that count what they do, and may be held up or refused."""

    done: list[str] = field(default_factory=list)
    begun: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)
    refuses: bool = False
    breaks: bool = False

    def act(self, call: Call) -> dict[str, str]:
        self.begun.set()
        self.go_on.wait(60)
        if self.refuses:
            raise Conflict
        if self.breaks:
            raise ZeroDivisionError
        self.done.append(call.raw_body.decode())
        return {"id": str(new_id())}

    @property
    def feature(self) -> Feature:
        @flow
        def plain(call: Call) -> Any:
            return self.act(call)

        @flow
        async def waiting(call: Call) -> Any:
            return await anyio.to_thread.run_sync(self.act, call)

        return Feature(
            name="slow",
            doors=(
                api("POST", "/api/v1/plain", "api.plain", plain, status=201),
                api("POST", "/api/v1/waiting", "api.waiting", waiting, status=201),
                api("POST", "/api/v1/own", "api.own", plain, status=201, repeatable=True),
            ),
        )


@pytest.fixture
def slow() -> Slow:
    room = Slow()
    room.go_on.set()
    return room


@pytest.fixture
def client(db: Database, settings: Settings, slow: Slow) -> Iterator[TestClient]:
    app = build(settings, (slow.feature,), db)
    asgi = create_app(settings, (slow.feature,), app=app)
    with TestClient(asgi, raise_server_exceptions=False) as browser:
        yield browser


BOTH = pytest.mark.parametrize("path", ["/api/v1/plain", "/api/v1/waiting"])


@BOTH
def test_once_and_the_same_answer(client: TestClient, slow: Slow, path: str) -> None:
    first = client.post(path, json={"a": 1}, headers=KEY)
    again = client.post(path, json={"a": 1}, headers=KEY)
    assert (first.status_code, first.content) == (201, again.content)
    assert (again.status_code, again.headers["content-type"]) == (201, "application/json")
    assert slow.done == ['{"a":1}']
    client.post(path, json={"a": 1})
    assert len(slow.done) == 2


@BOTH
def test_another_content_is_refused(client: TestClient, slow: Slow, path: str) -> None:
    client.post(path, json={"a": 1}, headers=KEY)
    for where, body in ((path, {"a": 2}), (f"{path}?b=1", {"a": 1}), ("/api/v1/plain?c=1", {"a": 1})):
        answer = client.post(where, json=body, headers=KEY)
        assert (answer.status_code, answer.json()["title"]) == (409, "idempotency conflict")
    assert client.post(path, json={}, headers={"idempotency-key": "k" * 201}).status_code == 400
    assert slow.done == ['{"a":1}']


@BOTH
def test_while_the_first_is_under_way(client: TestClient, slow: Slow, path: str) -> None:
    slow.go_on.clear()
    answers: list[Any] = []
    first = threading.Thread(target=lambda: answers.append(client.post(path, json={}, headers=KEY)))
    first.start()
    assert slow.begun.wait(60)
    early = client.post(path, json={}, headers=KEY)
    assert (early.status_code, early.json()["title"]) == (409, "still under way")
    assert early.headers["retry-after"] == "2"
    slow.go_on.set()
    first.join(60)
    assert client.post(path, json={}, headers=KEY).content == answers[0].content
    assert len(slow.done) == 1


@BOTH
@pytest.mark.parametrize("trouble", ["refuses", "breaks"])
def test_a_refusal_gives_the_key_back(client: TestClient, slow: Slow, path: str, trouble: str) -> None:
    setattr(slow, trouble, True)
    assert client.post(path, json={}, headers=KEY).status_code in (409, 500)
    setattr(slow, trouble, False)
    assert client.post(path, json={}, headers=KEY).status_code == 201
    assert len(slow.done) == 1


@BOTH
def test_a_claim_that_is_never_ended_counts_for_minutes_only(
    client: TestClient, slow: Slow, db: Database, path: str
) -> None:
    client.post(path, json={}, headers=KEY)
    for age, status in ((timedelta(0), 409), (CLAIMED_FOR, 201)):
        db.write(partial(_under_way, age))
        assert client.post(path, json={}, headers=KEY).status_code == status
    assert len(slow.done) == 2


def test_a_door_that_carries_the_key_itself_is_left_alone(
    client: TestClient, slow: Slow, db: Database
) -> None:
    for _ in range(2):
        client.post("/api/v1/own", json={}, headers=KEY)
    assert len(slow.done) == 2
    with db.read() as session:
        assert session.scalars(select(RepeatedCall)).all() == []


def test_answers_are_forgotten_after_fourteen_days(client: TestClient, db: Database) -> None:
    client.post("/api/v1/plain", json={}, headers=KEY)
    db.write(lambda session: _under_way(KEPT_FOR, session, status=201))
    db.write(forget_old_answers)
    with db.read() as session:
        assert session.scalars(select(RepeatedCall)).all() == []


def _under_way(age: timedelta, session: Any, status: int = UNDER_WAY) -> None:
    row = session.scalars(select(RepeatedCall)).one()
    row.status, row.at = status, clock.now() - age
    row.body = str(session.info["database"].process).encode()
