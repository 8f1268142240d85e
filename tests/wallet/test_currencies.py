"""Currencies: created with clear sentences, called otherwise, archived and back; usual ones in one press."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from kit.app import App
from kit.auth import Principal
from kit.db import Database
from kit.errors import Invalid
from kit.ids import new_id
from people.queries.journal import Wanted, read_journal
from tests.nodes import URL
from tests.people.browsers import sign_in
from wallet import facts
from wallet.feature import prepare, start
from wallet.models.currency import Currency, CurrencyWording
from wallet.service import currencies
from wallet.service.currency_rules import (
    CodeTaken,
    CurrencyNameTaken,
    CurrencyValues,
    CurrencyWords,
    NoSuchCurrency,
    NotPrimary,
    usual,
)

ODILE = Principal(new_id(), "Odile", "odile@example.org", session_id=new_id())
LISTED = "/admin/money/currencies"


@pytest.fixture
def treasurer(app: App, client: TestClient) -> TestClient:
    """The browser of the treasurer."""
    sign_in(app, client, "odile@example.org", "treasurer", name="Odile")
    return client


def shells(**changes: object) -> CurrencyValues:
    values = {"name": "Coquilles", "symbol": "€", "icon": "spiral", "where_spent": "I pay at the café."}
    return CurrencyValues(**values | changes)  # type: ignore[arg-type]


def add(db: Database, values: CurrencyValues, *, is_primary: bool = False) -> Currency:
    return db.write(
        lambda session: currencies.create_currency(session, ODILE, values, URL, is_primary=is_primary)
    )


def names(app: App) -> list[str]:
    with app.db.read() as session:
        return sorted(session.scalars(select(Currency.name)))


def test_a_currency_is_at_par_when_it_is_money_and_has_a_code_of_its_own(db: Database) -> None:
    first, points = add(db, shells()), add(db, usual("loyalty", "Café"))
    assert (first.code, first.issuer, first.scale, first.at_par) == ("coquilles", URL, 2, True)
    assert (points.scale, points.at_par, points.reach) == (0, False, "issuer_only")
    db.write(lambda session: currencies.archive_currency(session, ODILE, first.id))
    assert add(db, shells()).code == "coquilles-2"
    with pytest.raises(CodeTaken):
        add(db, shells(name="Other", code="coquilles"))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "  "}, "name"),
        ({"where_spent": ""}, "where_spent"),
        ({"symbol": "100"}, "symbol"),
        ({"icon": "dragon"}, "icon"),
        ({"code": "Été !"}, "code"),
        ({"nature": "gift"}, "reach"),
        ({"nature": "time", "reach": "network"}, "reach"),
        ({"scale": 3}, "scale"),
        ({"gift_days": 30}, "gift_days"),
    ],
)
def test_each_thing_that_does_not_fit_has_its_sentence(
    db: Database, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        add(db, shells(**changes))
    assert set(refusal.value.fields) == {field}


def test_two_currencies_in_use_never_share_a_name(db: Database) -> None:
    first = add(db, shells())
    with pytest.raises(CurrencyNameTaken):
        add(db, shells(name=" coquillés "))
    db.write(lambda session: currencies.archive_currency(session, ODILE, first.id))
    second = add(db, shells())
    with pytest.raises(CurrencyNameTaken):
        db.write(lambda session: currencies.restore_currency(session, ODILE, first.id))
    words = CurrencyWords(name="Coquilles", icon="snail", where_spent="Here.")
    assert db.write(lambda s: currencies.rename_currency(s, ODILE, second.id, words)).icon == "snail"


def test_only_the_primary_node_holds_the_network_currency(db: Database) -> None:
    with pytest.raises(NotPrimary):
        add(db, usual("network", "Café"))
    assert add(db, usual("network", "Café"), is_primary=True).reach == "network"


def test_a_new_name_is_shown_at_once_and_the_old_one_is_kept_for_receipts(db: Database) -> None:
    currency = add(db, shells())
    words = CurrencyWords(name="Escargots", symbol="€", icon="snail", where_spent="I pay at the café.")
    for _twice in range(2):
        db.write(lambda session: currencies.rename_currency(session, ODILE, currency.id, words))
    with db.read() as session:
        told = select(CurrencyWording.name).order_by(CurrencyWording.number)
        assert session.scalars(told).all() == ["Coquilles", "Escargots"]
        assert currencies.currency_by_id(session, currency.id).name == "Escargots"
    with pytest.raises(NoSuchCurrency):
        db.write(lambda session: currencies.rename_currency(session, ODILE, new_id(), words))


def test_a_collective_has_a_local_currency_and_vouchers_out_of_the_box(db: Database) -> None:
    def unit(session: Session) -> list[tuple[str, str, str]]:
        made = currencies.default_currencies(session, "L’Escargotière", URL)
        return [(one.nature, one.reach, one.name) for one in made]

    assert db.write(unit) == [
        ("money", "local", "Currency of L’Escargotière"),
        ("gift", "issuer_only", "Gift voucher"),
    ]
    assert db.write(unit) == []


def test_a_usual_currency_is_added_once_and_comes_back_when_archived(db: Database) -> None:
    def unit(session: Session) -> Currency:
        return currencies.usual_currency(session, ODILE, "time", "Café", URL)

    first = db.write(unit)
    db.write(lambda session: currencies.archive_currency(session, ODILE, first.id))
    again = db.write(unit)
    assert (again.id, again.archived_at, again.symbol) == (first.id, None, "h")


def test_other_rooms_hear_of_each_change(db: Database) -> None:
    heard: list[object] = []
    kinds = (facts.CurrencyCreated, facts.CurrencyRenamed, facts.CurrencyArchived)
    db.listeners = {kind: (lambda _session, fact: heard.append(fact),) for kind in kinds}
    currency = add(db, shells())
    for _twice in range(2):
        db.write(lambda session: currencies.archive_currency(session, ODILE, currency.id))
    db.write(lambda session: currencies.restore_currency(session, ODILE, currency.id))
    assert [type(fact).__name__ for fact in heard] == [
        "CurrencyCreated",
        "CurrencyArchived",
        "CurrencyRenamed",
    ]


def test_a_currency_is_created_on_screen_and_pressing_twice_creates_one(
    app: App, treasurer: TestClient
) -> None:
    form = {"kind": "local", "key": "k" * 32, "name": "Coquilles", "symbol": "€", "icon": "spiral",
            "where_spent": "I pay here.", "reach": "local"}  # fmt: skip
    page = treasurer.get(f"{LISTED}/new?kind=local").text
    assert "Monnaie de Le Café d’essai" in page
    for _press in range(2):
        assert treasurer.post(f"{LISTED}/new", data=form).status_code == 303
    assert names(app) == ["Coquilles"]
    assert "I pay here." in treasurer.get(LISTED).text


def test_a_refused_form_keeps_what_was_written_and_says_why(app: App, treasurer: TestClient) -> None:
    form = {"kind": "gift", "key": "k" * 32, "name": "Bon", "icon": "gift", "gift_days": "90"}
    answer = treasurer.post(f"{LISTED}/new", data=form)
    assert answer.status_code == 422
    assert "I write where people can spend it." in answer.text
    assert 'value="Bon"' in answer.text
    assert 'value="90"' in answer.text
    assert treasurer.get(f"{LISTED}/new?kind=dragon").status_code == 404
    assert names(app) == []


def test_time_and_points_come_in_one_press(app: App, treasurer: TestClient) -> None:
    assert "Add it now" in treasurer.get(f"{LISTED}/new").text
    for kind in ("time", "loyalty", "time"):
        assert treasurer.post(f"{LISTED}/usual/{kind}").status_code == 303
    assert names(app) == ["Monnaie temps", "Points de fidélité"]
    for kind in ("network", "money", "dragon"):
        assert treasurer.post(f"{LISTED}/usual/{kind}").status_code == 404


def test_the_network_currency_is_not_offered_where_it_cannot_be_held(app: App, treasurer: TestClient) -> None:
    assert "Network currency" not in treasurer.get(f"{LISTED}/new").text
    form = {"kind": "network", "key": "k" * 32, "name": "Global", "icon": "coins", "where_spent": "All."}
    answer = treasurer.post(f"{LISTED}/new", data=form)
    assert answer.status_code == 409
    assert "Only the primary node" in answer.text


def test_a_currency_is_renamed_archived_and_brought_back_on_screen(app: App, treasurer: TestClient) -> None:
    currency = add(app.db, shells())
    path = f"{LISTED}/{currency.id}"
    words = {"name": "Escargots", "symbol": "€", "icon": "snail", "where_spent": "Here."}
    assert treasurer.post(path, data=words | {"name": ""}).status_code == 422
    assert treasurer.post(path, data=words).headers["location"] == LISTED
    assert "Escargots" in treasurer.get(LISTED).text
    assert "Archive this currency?" in treasurer.get(f"{path}/archive").text
    treasurer.post(f"{path}/archive")
    listed = treasurer.get(LISTED).text
    assert f'action="{path}/restore"' in listed
    assert "Undo" in listed
    treasurer.post(f"{path}/restore")
    assert "Archived currencies" not in treasurer.get(LISTED).text
    with app.db.read() as session:
        verbs = [entry.verb for entry in read_journal(session, Wanted()).entries]
    assert verbs[:4] == ["Currency brought back", "Currency archived", "Currency changed", "Currency created"]


def test_only_those_who_keep_the_money_see_its_currencies(
    app: App, new_client: Callable[[], TestClient]
) -> None:
    for role, status in (("treasurer", 200), ("till_manager", 403), ("cashier", 403), ("agenda_editor", 403)):
        browser = new_client()
        sign_in(app, browser, f"{role}@example.org", role)
        assert browser.get(LISTED).status_code == status
        assert browser.get(f"{LISTED}/{new_id()}").status_code == (404 if status == 200 else 403)


async def test_a_collective_has_its_currencies_when_its_node_starts(app: App) -> None:
    prepare(app)
    for _ in range(2):
        await start(app)
    with app.db.read() as session:
        assert sorted(one.nature for one in session.scalars(select(Currency))) == ["gift", "money"]
