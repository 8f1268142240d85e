"""From nothing to an open site: `hameau init`, `serve`, `person link`, then the wizard in a browser."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from agenda.models.event import Event
from config.collective import Collective
from kit.app import App
from kit.choices import read_choice, save_choice
from node.demo.ports import free_port_base
from node.demo.village import DemoNode
from tests.people.browsers import sign_in

ROOT = Path(__file__).resolve().parents[2]
SAME_SITE = {"sec-fetch-site": "same-origin", "accept-language": "en"}
LOOK = {"accent": "#D0122D", "pennant": "1", "icon": "bird"}
ADDRESS = {"street": "2, place du Lavoir", "city": "Sault", "country": "FR", "timezone": "Europe/Paris"}


@dataclass
class Newborn:
    """A node made with the command alone."""

    node: DemoNode

    def hameau(self, *words: str) -> str:
        command = [sys.executable, "-m", "node", "--config", str(self.node.config), *words]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def newborn(tmp_path: Path) -> Iterator[Newborn]:
    node = DemoNode("escargotiere", free_port_base(1), tmp_path)
    words = ["init", "--url", node.url, "--database", f"sqlite:///{tmp_path}/node.db"]
    words += ["--file", str(node.config), "--port", str(node.port)]
    subprocess.run([sys.executable, "-m", "node", *words], cwd=ROOT, capture_output=True, check=True)
    text = node.config.read_text(encoding="utf-8")
    node.config.write_text(text.replace('data = "var"', f'data = "{tmp_path}/var"'), encoding="utf-8")
    node.start()
    node.wait_until_ready()
    yield Newborn(node)
    node.stop()


def test_a_new_node_opens_its_site(newborn: Newborn) -> None:
    with httpx2.Client(base_url=newborn.node.url, headers=SAME_SITE, trust_env=False) as browser:
        assert "not ready" in browser.get("/").text.lower() or "soon" in browser.get("/").text.lower()
        link = re.search(r"/sign-in/link/\S+", newborn.hameau("person", "administrator", "odile@example.org"))
        assert link
        assert browser.post(link.group().rstrip(".")).status_code == 303
        assert browser.post("/setup/kind", data={"kind": "cafe"}).headers["location"] == "/setup/name"
        told = {"name": "L’Escargotière", "language": "en", "summary": "Un café tenu par ses habitants."}
        assert browser.post("/setup/name", data=told).headers["location"] == "/setup/look"
        assert browser.post("/setup/look", data=LOOK).headers["location"] == "/setup/address"
        assert browser.post("/setup/address", data=ADDRESS).headers["location"] == "/setup/event"
        home = browser.get("/").text
    assert "L’Escargotière" in home
    assert "Un café tenu par ses habitants." in home


@pytest.fixture
def wizard(app: App, client: TestClient) -> TestClient:
    """The administrator's browser at a node that is not set up."""
    app.db.write(lambda session: save_choice(session, Collective(name="Un nœud neuf")))
    sign_in(app, client, "odile@example.org", "administrator")
    return client


def collective(app: App) -> Collective:
    with app.db.read() as session:
        return read_choice(session, Collective)


def test_strangers_and_editors_stay_outside(app: App, new_client: Callable[[], TestClient]) -> None:
    stranger, editor = new_client(), new_client()
    sign_in(app, editor, "bastien@example.org", "agenda_editor")
    before = collective(app)
    assert stranger.post("/setup/name", data={"name": "Volé"}).status_code == 303
    assert editor.get("/setup/name").status_code == 403
    assert editor.post("/setup/name", data={"name": "Volé"}).status_code == 403
    assert collective(app) == before


@pytest.mark.parametrize(
    "kind", ["association", "festival", "third_place", "theatre", "cafe", "concert_hall", "shop"]
)
def test_every_kind_of_collective(app: App, wizard: TestClient, kind: str) -> None:
    assert wizard.get("/setup/kind").text.count(f'value="{kind}"') == 1
    assert wizard.post("/setup/kind", data={"kind": kind}).status_code == 303
    assert collective(app).kind == kind


def test_ten_kinds_are_offered(wizard: TestClient) -> None:
    assert len(re.findall(r'name="kind"', wizard.get("/setup/kind").text)) == 10


def test_the_site_opens_with_the_address(app: App, wizard: TestClient) -> None:
    wizard.post("/setup/name", data={"name": "Le Nouveau"})
    assert not collective(app).set_up
    wizard.post("/setup/address", data=ADDRESS)
    assert collective(app).set_up
    assert collective(app).city == "Sault"


def test_the_first_event_is_published(app: App, wizard: TestClient) -> None:
    sent = {"name": "Soupe et contes", "start": "2027-03-04T18:00", "end": "2027-03-04T20:00"}
    assert wizard.post("/setup/event", data=sent).status_code == 303
    with app.db.read() as session:
        event = session.scalars(select(Event)).one()
    assert (event.name, event.status) == ("Soupe et contes", "published")
    assert "Soupe et contes" in wizard.get("/agenda").text


def test_the_first_event_may_wait(app: App, wizard: TestClient) -> None:
    assert wizard.post("/setup/event", data={}).status_code == 303
    with app.db.read() as session:
        assert session.scalars(select(Event)).all() == []


@pytest.mark.parametrize(
    ("step", "sent", "field"),
    [
        ("name", {"name": ""}, "name"),
        ("name", {"name": "x"}, "name"),
        ("look", {"accent": "red"}, "accent"),
        ("address", {"country": "France"}, "country"),
        ("address", {"latitude": "123"}, "latitude"),
        ("event", {"name": "Soupe"}, "start"),
        ("event", {"name": "Soupe", "start": "demain", "end": "2027-03-04T20:00"}, "start"),
    ],
)
def test_a_wrong_answer_stays_on_the_question(
    app: App, wizard: TestClient, step: str, sent: dict[str, str], field: str
) -> None:
    before = collective(app)
    answer = wizard.post(f"/setup/{step}", data=sent)
    assert answer.status_code == 422
    assert re.search(rf'id="{field}-error"|aria-describedby="[^"]*{field}', answer.text)
    assert collective(app) == before


def test_an_unknown_step_is_nowhere(wizard: TestClient) -> None:
    assert wizard.get("/setup/nowhere").status_code == 404
    assert wizard.post("/setup/nowhere", data={"name": "Le Nouveau"}).status_code == 404
