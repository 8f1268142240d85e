"""A reader's opinion reaches the collective, and nobody floods it."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from config.collective import Collective
from kit.app import App
from kit.choices import save_choice
from kit.mail.outbox import OutgoingMail


@pytest.fixture(autouse=True)
def _reachable(app: App) -> None:
    house = Collective(name="Le Café", set_up=True, contact_email="bonjour@cafe.example")
    app.db.write(lambda session: save_choice(session, house))


def mails(session: Session) -> list[OutgoingMail]:
    return list(session.scalars(select(OutgoingMail)))


def test_an_opinion_becomes_a_mail(app: App, client: TestClient) -> None:
    answer = client.post("/feedback", data={"message": "J’aime la soupe.", "email": "ana@exemple.fr"})
    assert answer.status_code == 303
    with app.db.read() as session:
        (mail,) = mails(session)
    assert mail.to == "bonjour@cafe.example"
    assert "J’aime la soupe." in mail.text
    assert "ana@exemple.fr" in mail.text


def test_an_empty_opinion_is_asked_again(app: App, client: TestClient) -> None:
    assert client.post("/feedback", data={"message": " ", "email": "nobody"}).status_code == 422
    with app.db.read() as session:
        assert mails(session) == []


def test_a_flood_is_refused(client: TestClient) -> None:
    statuses = [client.post("/feedback", data={"message": f"Message {n}"}).status_code for n in range(8)]
    assert statuses.count(303) == 5
    assert set(statuses[5:]) == {429}


def test_a_collective_without_address_has_no_form(app: App, client: TestClient) -> None:
    app.db.write(lambda session: save_choice(session, Collective(name="Le Café", set_up=True)))
    assert client.get("/feedback").status_code == 404
    assert client.post("/feedback", data={"message": "Bonjour"}).status_code == 404
