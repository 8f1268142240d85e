"""My money through my own doors: what I hold, my history, the file under seal, leaving."""

import copy
import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from federation.exchange import exchange_of
from federation.peer_keys import PeerKey
from federation.proofs import verify
from federation.refusals import BadSignature
from kit import clock
from kit.app import App
from tests.factories.money import DUSK, ODILE, Till, at, open_till
from tests.people.browsers import add_person, sign_in
from tests.wallet.pockets import held, load, new_pass, pass_of
from wallet import flows
from wallet.ledger.requests import Holder
from wallet.ledger.shapes import Line
from wallet.queries.cards import card_by_id
from wallet.queries.personal import wallet_id_of
from wallet.schemas import Gift, Refunding, Spending, TopUp
from wallet.service.currencies import rename_currency
from wallet.service.currency_rules import CurrencyWords
from wallet.service.wallets import wallet_of

LOU = "lou@example.org"
FILE = "/my/money/sealed"


@pytest.fixture
def till(app: App) -> Till:
    """A café with its four currencies."""
    with at(DUSK - timedelta(hours=1)):
        return open_till(app)


@pytest.fixture
def lou(app: App, client: TestClient, till: Till) -> UUID:
    """Lou, signed in, with some of everything: the wallet's id."""
    person = sign_in(app, client, LOU, name="Lou Abadie")
    wallet = app.db.write(lambda session: wallet_of(session, person).id)
    with at(DUSK):
        flows.top_up(app, ODILE, TopUp(asset=till.local, amount=2_000, wallet=wallet, point="Bar"))
        ends = DUSK + timedelta(days=4000)
        flows.give(app, ODILE, Gift(asset=till.gift, amount=600, wallet=wallet, expires_at=ends))
        flows.top_up(app, ODILE, TopUp(asset=till.hours, amount=400, wallet=wallet))
    return wallet


def pay(app: App, wallet: UUID, *lines: Line, hold: bool = False) -> UUID:
    """Lou pays at the bar; with `hold` the amount is only set aside."""
    until = clock.now() + timedelta(days=2) if hold else None
    said = Spending(lines=lines, payers=(Holder(wallet),), until=until, point="Bar")
    return flows.spend(app, ODILE, said).id


def proven(app: App, document: dict[str, Any]) -> str:
    """Who sealed the document. Raises BadSignature when it was altered."""
    identity = exchange_of(app).identity
    key = identity.keys.proof_key(identity.actor)
    public = PeerKey(key.id, identity.actor, identity.keys.current.ed25519.public_key())
    return verify(document, {key.id: public}.__getitem__, now=clock.now()).actor


def words(page: str) -> str:
    """The text of a page, with plain spaces."""
    return " ".join(page.replace("\u00a0", " ").replace("&nbsp;", " ").split())


def test_i_see_what_i_can_pay_here_and_each_currency_by_itself(client: TestClient, lou: UUID) -> None:
    page = words(client.get("/my/money").text)
    assert "<small>€</small>26.00" in page
    assert "€20.00" in page
    assert "€6.00" in page
    assert "4.00 h" in page
    assert "€30.00" not in page  # hours are never counted with euros
    assert "I can spend it until" in page
    assert "2037" in page
    assert "Fees: €0" in page


def test_a_voucher_that_ends_at_midnight_lasts_the_day_before(
    app: App, client: TestClient, till: Till, lou: UUID
) -> None:
    midnight = datetime(2035, 4, 1, tzinfo=ZoneInfo("Europe/Paris"))
    flows.give(app, ODILE, Gift(asset=till.gift, amount=100, wallet=lou, expires_at=midnight))
    assert "until Saturday 31 March 2035" in words(client.get("/my/money").text)
    with at(midnight + timedelta(hours=1)):
        sign_in(app, client, LOU)
        page = words(client.get("/my/money").text)
    assert "Ended on Saturday 31 March 2035" in page
    assert "<small>€</small>26.00" in page  # it pays nothing any more


def test_what_is_set_aside_is_said_and_cannot_be_paid(app: App, client: TestClient, lou: UUID) -> None:
    pay(app, lou, Line("Caution", 800), hold=True)
    page = words(client.get("/my/money").text)
    assert "<small>€</small>18.00" in page
    assert "€6.00 set aside" in page
    assert "I can spend €18.00 of it now." in page


def test_an_amount_set_aside_is_told_until_it_is_settled(app: App, client: TestClient, lou: UUID) -> None:
    deposit = pay(app, lou, Line("Caution", 100), hold=True)
    assert "Set aside · Caution" in words(client.get("/my/money/movements").text)
    flows.release(app, ODILE, deposit)
    assert "Was set aside, settled since · Caution" in words(client.get("/my/money/movements").text)


def test_my_history_says_place_products_sign_word_and_what_is_left(
    app: App, client: TestClient, lou: UUID
) -> None:
    with at(DUSK + timedelta(hours=3)):
        paid = pay(app, lou, Line("Soupe du soir", 450), Line("Part de tarte", 280))
        flows.refund(app, ODILE, Refunding(transfer=paid, amount=280, reason="Plus de tarte"))
    page = words(client.get("/my/money/movements").text)
    assert "Friday 20 November 2026" in page
    assert "<h4>Bar</h4>" in page
    assert "9:00 pm · I pay · Soupe du soir, Part de tarte" in page
    for said in ("−€6.00", "−€1.30", "+€1.30", "+€1.50", "€18.70 left", "I am paid back", "Plus de tarte"):
        assert said in page


def test_a_movement_keeps_the_name_its_currency_had_that_day(
    app: App, client: TestClient, till: Till, lou: UUID
) -> None:
    values = CurrencyWords(name="Coquilles", symbol="€", icon="spiral", where_spent="Ici.")
    app.db.write(lambda session: rename_currency(session, ODILE, till.local, values).id)
    flows.top_up(app, ODILE, TopUp(asset=till.local, amount=100, wallet=lou))
    page = client.get(f"/my/money/movements?currency={till.local}").text
    assert "Currency of Le Café" in page
    assert "Coquilles" in page
    rows = list(csv.DictReader(io.StringIO(client.get("/my/money/table").text.lstrip("\ufeff"))))
    assert [
        row["currency"].split()[0] for row in rows if row["symbol"] == "€" and row["kind"] == "top_up"
    ] == [
        "Currency",
        "Coquilles",
    ]


def test_my_history_turns_its_pages_and_keeps_to_one_currency(
    app: App, client: TestClient, till: Till, lou: UUID
) -> None:
    for number in range(33):
        pay(app, lou, Line(f"Café {number}", 10))
    page = client.get("/my/money/movements").text
    assert "Café 32" in page
    assert "Café 2<" not in page
    later = page.split('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    assert "Café 2 ·" in client.get(later).text
    only = client.get(f"/my/money/movements?currency={till.hours}").text
    assert "Café" not in only.partition("<main")[2].replace("Café d’essai", "")
    assert "+4.00\u00a0h" in only
    assert client.get("/my/money/movements?before=0").status_code == 422
    assert "Nothing more here" in client.get("/my/money/movements?before=1").text


def test_who_has_no_wallet_reads_calm_pages(client: TestClient, app: App) -> None:
    sign_in(app, client, LOU)
    assert "My wallet is empty" in client.get("/my/money").text
    assert "Nothing has moved yet" in client.get("/my/money/movements").text
    assert client.get(FILE).status_code == 410
    assert client.get("/my/money/leave").status_code == 410
    assert client.post("/my/money/leave").status_code == 410


def test_a_stranger_signs_in_first(client: TestClient, till: Till) -> None:
    for path in ("/my/money", "/my/money/movements", FILE, "/my/money/table", "/my/cards"):
        assert client.get(path).headers["location"].startswith("/sign-in")


def test_the_file_bears_a_seal_that_one_cent_breaks(app: App, client: TestClient, lou: UUID) -> None:
    pay(app, lou, Line("Soupe", 450))
    answer = client.get(FILE)
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["cache-control"] == "no-store"
    document = answer.json()
    assert proven(app, document) == f"{app.settings.node.url}/actor"
    assert document["holder"] == "Lou Abadie"
    assert [one["amount"] for one in document["movements"]] == [2_000, 600, 400, -450]
    assert document["ledger"]["seq"] > 0
    for change in (_one_cent_more, _one_letter, _one_movement_less):
        altered = copy.deepcopy(document)
        change(altered)
        with pytest.raises(BadSignature):
            proven(app, altered)


def _one_cent_more(document: dict[str, Any]) -> None:
    document["movements"][-1]["after"] += 1


def _one_letter(document: dict[str, Any]) -> None:
    document["holder"] = "Lou Abadia"


def _one_movement_less(document: dict[str, Any]) -> None:
    del document["movements"][0]


def test_the_table_says_the_same_and_starts_no_formula(
    app: App, client: TestClient, till: Till, lou: UUID
) -> None:
    pay(app, lou, Line("=HYPERLINK(1)", 150))
    answer = client.get("/my/money/table")
    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert [row["amount"] for row in rows] == ["20.00", "6.00", "4.00", "-1.50"]
    assert rows[-1]["lines"] == "'=HYPERLINK(1)"
    assert [row["number"] for row in rows] == [
        str(one["number"]) for one in client.get(FILE).json()["movements"]
    ]


def test_every_file_is_of_the_person_who_asks(
    app: App, client: TestClient, new_client: Callable[[], TestClient], till: Till, lou: UUID
) -> None:
    sam = new_client()
    person = sign_in(app, sam, "sam@example.org", name="Sam")
    load(app, till, pass_of(app, person), 777)
    theirs = sam.get(f"{FILE}?wallet={lou}").json()
    assert theirs["holder"] == "Sam"
    assert [one["amount"] for one in theirs["movements"]] == [777]
    assert "Abadie" not in sam.get("/my/money/movements").text
    assert client.get(FILE).json()["wallet"] == str(lou)


def test_my_copy_holds_my_wallet_cards_and_history(app: App, client: TestClient, lou: UUID) -> None:
    with app.db.read() as session:
        person = add_person(app, LOU)
        assert wallet_id_of(session, person) == lou
    card = pass_of(app, person)
    mine = client.get("/my/data/export").json()["rooms"]["wallet"]
    assert mine["wallet"] == str(lou)
    assert [one["number"] for one in mine["cards"]] == [card.number]
    assert card.code not in client.get("/my/data/export").text
    assert len(mine["movements"]) == 3


def test_money_left_holds_back_leaving_and_says_how_much(app: App, client: TestClient, lou: UUID) -> None:
    page = client.get("/my/data").text.replace("\u00a0", " ")
    assert "Money is left in my wallet: €20.00" in page
    refused = client.post("/my/data/erase")
    assert refused.status_code == 409
    assert client.post("/my/money/leave").status_code == 409
    assert "Not yet. My wallet still holds" in client.get("/my/money/leave").text
    assert held(app, lou)["money"] == 2_000


def test_i_give_up_vouchers_and_hours_on_purpose_then_i_may_be_forgotten(
    app: App, client: TestClient, till: Till, lou: UUID
) -> None:
    person = add_person(app, LOU)
    card, other = pass_of(app, person), pass_of(app, person)
    team = pass_of(app, person, "staff")
    flows.spend(
        app,
        ODILE,
        Spending(lines=(Line("Tout", 2_000),), payers=(Holder(lou),), accepts=frozenset({till.local})),
    )
    assert "Something is left in my wallet" in client.get("/my/data").text
    assert "I lose this for ever" in client.get("/my/money/leave").text
    assert client.post("/my/money/leave").headers["location"] == "/my"
    assert "Erase me" in client.get("/my/data").text
    assert client.post("/my/data/erase").status_code == 303
    assert held(app, lou) == {"gift": 600, "time": 400}  # of nobody, until it ends
    with app.db.read() as session:
        assert wallet_id_of(session, person) is None
    wallets = {_wallet_of(app, one.id) for one in (card, other, team)}
    assert len(wallets) == 3
    assert lou not in wallets
    assert "This card is nobody’s yet" in client.get(f"/c/{card.code}").text
    assert "This card is blocked" in client.get(f"/c/{team.code}").text


def test_being_forgotten_without_a_farewell_leaves_no_name(app: App, client: TestClient, till: Till) -> None:
    person = sign_in(app, client, LOU, name="Lou Abadie")
    card, team = pass_of(app, person), pass_of(app, person, "staff")
    assert client.post("/my/data/erase").status_code == 303
    assert "is blocked" in client.get(f"/c/{team.code}").text
    with app.db.read() as session:
        rows = session.execute(text("SELECT * FROM audit_entry")).all()
        assert rows
        assert "Abadie" not in str(rows)
        assert LOU not in str(rows)
    assert "nobody’s yet" in client.get(f"/c/{card.code}").text
    assert held(app, _wallet_of(app, card.id)) == {}


def test_an_unclaimed_card_of_the_house_is_in_nobodys_copy(app: App, client: TestClient, lou: UUID) -> None:
    card = new_pass(app)
    assert card.number not in client.get("/my/data/export").text


def _wallet_of(app: App, card_id: UUID) -> UUID:
    with app.db.read() as session:
        return card_by_id(session, card_id).wallet_id
