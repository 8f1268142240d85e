"""A list becomes cards: looked at, its total written by hand, brought in, undone, printed."""

import io
import re
from uuid import UUID

import pytest
from PIL import Image
from sqlalchemy import func, select
from starlette.testclient import TestClient

from kit.app import App
from kit.choices import save_choice
from kit.ids import new_id
from tests.people.browsers import sign_in
from tests.wallet.cards.holders import add_card, add_currency, pay
from tests.wallet.cards.test_batches import cards_in
from wallet.choices import MoneyRules
from wallet.models.card import CardBatch, PassCard

BATCHES = "/admin/money/batches"
LIST = "UID;Numéro;Solde\n04:a2:1b:3c;001;12,50\n04A21B3D;002;0\n04A21B3E;003;8\n"


@pytest.fixture
def office(app: App, client: TestClient) -> TestClient:
    sign_in(app, client, "odile@example.org", "till_manager", name="Odile")
    return client


@pytest.fixture
def currency(app: App) -> UUID:
    return add_currency(app)


def form(currency: UUID, **more: str) -> dict[str, str]:
    return {"name": "Blue cards", "currency": str(currency), "account": "Old cash box", "text": LIST, **more}


def bring(office: TestClient, currency: UUID) -> UUID:
    answer = office.post(BATCHES, data=form(currency, batch=str(new_id()), total="20.50"))
    assert answer.status_code == 303
    return UUID(answer.headers["location"].rpartition("/")[2])


def count(app: App) -> int:
    with app.db.read() as session:
        return session.scalar(select(func.count()).select_from(PassCard)) or 0


def test_a_list_is_looked_at_and_nothing_is_written(app: App, office: TestClient, currency: UUID) -> None:
    page = office.post(f"{BATCHES}/look", data=form(currency)).text
    assert "3 cards" in page
    assert "€20.50" in page
    assert "04A21B3C" in page
    assert count(app) == 0


def test_a_file_of_any_spreadsheet_is_looked_at(app: App, office: TestClient, currency: UUID) -> None:
    files = {"file": ("cards.csv", LIST.encode("cp1252"), "text/csv")}
    page = office.post(f"{BATCHES}/look", data=form(currency, text=""), files=files).text
    assert "€20.50" in page
    hidden = re.search(r"<textarea name=\"text\" hidden>\n(.*?)</textarea>", page, re.DOTALL)
    assert hidden
    assert hidden.group(1).replace("\r\n", "\n") == LIST


def test_every_wrong_line_is_named(app: App, office: TestClient, currency: UUID) -> None:
    add_card(app, uid="04A21B3D")
    page = office.post(f"{BATCHES}/look", data=form(currency, text=LIST + "04;004;x\n")).text
    assert "2 lines are wrong" in page
    assert "known here already" in page or "another card already" in page
    assert "not readable" in page
    assert f'action="{BATCHES}"' not in page


@pytest.mark.parametrize("total", ["", "20", "20.51", "much"])
def test_another_total_brings_nothing(app: App, office: TestClient, currency: UUID, total: str) -> None:
    answer = office.post(BATCHES, data=form(currency, batch=str(new_id()), total=total))
    assert answer.status_code == 422
    assert "not the total" in answer.text
    assert count(app) == 0


def test_the_right_total_brings_the_cards_and_one_press_undoes_it(
    app: App, office: TestClient, currency: UUID
) -> None:
    batch = bring(office, currency)
    page = office.get(f"{BATCHES}/{batch}").text
    assert "€20.50" in page
    assert "Old cash box" in page
    assert f"{BATCHES}/{batch}/undo" in page
    undone = office.post(f"{BATCHES}/{batch}/undo")
    assert undone.status_code == 303
    assert "taken back" in office.get(undone.headers["location"]).text
    assert office.post(f"{BATCHES}/{batch}/undo").status_code == 409
    assert "Blue cards" in office.get(BATCHES).text


def test_what_was_spent_is_not_undone_and_it_says_so(app: App, office: TestClient, currency: UUID) -> None:
    batch = bring(office, currency)
    pay(app, cards_in(app, batch)[0], 100)
    answer = office.post(f"{BATCHES}/{batch}/undo")
    assert answer.status_code == 409
    assert "not enough" in answer.text


def test_pressing_twice_brings_one_batch(app: App, office: TestClient, currency: UUID) -> None:
    said = form(currency, batch=str(new_id()), total="20.50")
    first = office.post(BATCHES, data=said)
    second = office.post(BATCHES, data=said)
    assert first.headers["location"] == second.headers.get("location", first.headers["location"])
    with app.db.read() as session:
        assert session.scalar(select(func.count()).select_from(CardBatch)) == 1


def test_balances_need_a_currency_and_someone_who_may_load(
    app: App, office: TestClient, currency: UUID
) -> None:
    answer = office.post(f"{BATCHES}/look", data=form(currency) | {"currency": ""})
    assert answer.status_code == 422
    assert "in which currency" in answer.text
    office.cookies.clear()
    sign_in(app, office, "mona@example.org", "member_manager")
    refused = office.post(BATCHES, data=form(currency, batch=str(new_id()), total="20.50"))
    assert refused.status_code == 403
    plain = form(currency, batch=str(new_id()), text="UID\n04A21B3C\n")
    assert office.post(BATCHES, data=plain).status_code == 303


@pytest.mark.parametrize("text", ["", "name;town\nJo;Lyon\n", "uid\n"])
def test_what_is_no_list_comes_back_with_its_form(office: TestClient, currency: UUID, text: str) -> None:
    answer = office.post(f"{BATCHES}/look", data=form(currency, text=text))
    assert answer.status_code == 422
    assert 'value="Blue cards"' in answer.text


def test_the_printable_backs_have_a_page_for_each_card(app: App, office: TestClient, currency: UUID) -> None:
    batch = bring(office, currency)
    answer = office.get(f"{BATCHES}/{batch}/backs.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type /Page\b(?!s)", answer.content)) == 3
    assert office.get(f"{BATCHES}/{new_id()}/backs.pdf").status_code == 404


def picture() -> dict[str, tuple[str, bytes, str]]:
    held = io.BytesIO()
    Image.new("RGB", (1082, 709), "#88aa55").save(held, "PNG")
    return {"picture": ("back.png", held.getvalue(), "image/png")}


def test_a_batch_has_its_own_back_from_so_many_cards_on(app: App, office: TestClient, currency: UUID) -> None:
    batch = bring(office, currency)
    few = office.post(f"{BATCHES}/{batch}/picture", files=picture())
    assert few.status_code == 422
    assert "1000 cards" in few.text
    app.db.write(lambda session: save_choice(session, MoneyRules(back_image_from=3)))
    assert "picture" in office.get(f"{BATCHES}/{batch}").text
    assert office.post(f"{BATCHES}/{batch}/picture", files=picture()).status_code == 303
    with_picture = office.get(f"{BATCHES}/{batch}/backs.pdf").content
    assert b"/Image" in with_picture
    assert office.post(f"{BATCHES}/{batch}/picture").status_code == 303
    assert b"/Subtype /Image" not in office.get(f"{BATCHES}/{batch}/backs.pdf").content
    wrong = office.post(f"{BATCHES}/{batch}/picture", files={"picture": ("x.png", b"no", "image/png")})
    assert wrong.status_code == 415
