"""A program that asks the money API: its key, its questions, what it expects."""

from dataclasses import dataclass
from typing import Any

from starlette.testclient import TestClient

from kit.app import App
from people.proofs import new_token
from people.service import persons
from people.service.tokens import make_token
from tests.people.browsers import OFFICE, add_person

EVERYTHING = ("money:write", "cards:write")


@dataclass
class Program:
    """Asks with one key, and reads JSON."""

    client: TestClient
    key: str

    def get(self, path: str, status: int = 200, **query: Any) -> Any:
        answer = self.ask("GET", path, params=query)
        assert answer.status_code == status, answer.text
        return answer.json()

    def post(self, path: str, /, status: int = 201, once: str = "", **body: Any) -> Any:
        answer = self.ask("POST", path, once=once, json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    def ask(self, method: str, path: str, once: str = "", **more: Any) -> Any:
        headers = {"authorization": f"Bearer {self.key}"} | ({"idempotency-key": once} if once else {})
        return self.client.request(method, f"/api/v1/{path}", headers=headers, **more)

    def refused(self, path: str, named: str, /, **body: Any) -> Any:
        """The problem that a POST is refused with; its name must be `named`."""
        answer = self.ask("POST", path, json=body)
        assert answer.headers["content-type"] == "application/problem+json", answer.text
        problem = answer.json()
        assert problem["type"].rpartition("/")[2] == named, problem
        return problem

    def whole_list(self, path: str, **query: Any) -> list[Any]:
        """Every item, from page to page by the `Link` header."""
        answer = self.ask("GET", path, params=query)
        items: list[Any] = answer.json()["items"]
        while link := answer.headers.get("link", ""):
            assert link == f'<{answer.json()["next"]}>; rel="next"'
            answer = self.ask("GET", answer.json()["next"].partition("/api/v1/")[2])
            items += answer.json()["items"]
        assert answer.json()["next"] == ""
        return items


def program(app: App, client: TestClient, role: str, *scopes: str) -> Program:
    """Someone's program. The first person of a node is its administrator, so one comes before."""
    add_person(app, "first@example.org", "administrator")
    scopes = scopes or EVERYTHING
    person_id, secret = add_person(app, f"{role}-{len(scopes)}@example.org", role), new_token()
    app.db.write(
        lambda session: make_token(
            session, OFFICE, persons.get(session, person_id), secret,
            name="script", scopes=scopes, known_scopes=frozenset(scopes),
        )
    )  # fmt: skip
    return Program(client, secret)
