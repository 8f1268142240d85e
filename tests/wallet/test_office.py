"""The money's back office through its doors: wallets found, loaded, refunded, corrected, nothing twice."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from kit import clock
from kit.app import App
from kit.choices import read_choice, save_choice
from kit.ids import new_id
from tests.factories.money import ODILE, Till, an_evening, open_till
from tests.people.browsers import add_person, sign_in
from tests.wallet.pockets import held
from wallet import flows
from wallet.choices import MoneyRules
from wallet.models.card import PassCard
from wallet.models.currency import Currency
from wallet.queries.balances import balances, history
from wallet.schemas import CashOut, Gift, TopUp
from wallet.service.checking import LastCheck
from wallet.service.wallets import wallet_of

MONEY = "/admin/money"


@pytest.fixture
def till(app: App) -> Till:
    """A café with its four currencies."""
    return open_till(app)


@pytest.fixture
def treasurer(app: App, client: TestClient) -> TestClient:
    """The browser of the treasurer."""
    sign_in(app, client, "odile@example.org", "treasurer", name="Odile Marchand")
    return client


def field(text: str, name: str) -> str:
    """The value of a hidden field of a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    return found[1] if found else ""


def confirmed(browser: TestClient, path: str, **form: object) -> dict[str, str]:
    """Fill a form; the fields of the confirmation that follows."""
    page = browser.post(path, data={name: str(value) for name, value in form.items()})
    assert page.status_code == 200, page.text
    return {name: field(page.text, name) for name in ("key", "sure", "currency", "amount", "reason", "until")}


def load(app: App, till: Till) -> None:
    """Lou has 20 euros and a voucher of 6."""
    flows.top_up(app, ODILE, TopUp(asset=till.local, amount=2_000, wallet=till.lou))
    flows.give(app, ODILE, Gift(asset=till.gift, amount=600, wallet=till.lou))


def card_of(app: App, wallet: UUID, number: str = "K7M29QXD", uid: str | None = "04A1B2C3D4E5F6") -> None:
    def unit(session: Session) -> None:
        card = PassCard(id=new_id(), uid=uid, number=number, code=f"CODE{number}", kind="pass", chip="static",
                        state="active", wallet_id=wallet, batch_id=None, created_at=clock.now())  # fmt: skip
        session.add(card)

    app.db.write(unit)


def test_the_first_visit_brings_the_usual_currencies(app: App, treasurer: TestClient) -> None:
    page = treasurer.get(MONEY).text
    assert "Monnaie de Le Café d’essai" in page  # in the collective's language, not the reader's
    assert "Bon cadeau" in page
    assert "No money has moved yet." in page
    treasurer.get(MONEY)
    with app.db.read() as session:
        assert session.query(Currency).count() == 2


def test_a_top_up_says_the_balance_after_and_no_fee_before_it_is_done(
    app: App, treasurer: TestClient, till: Till
) -> None:
    path = f"{MONEY}/wallets/{till.lou}/top-up"
    assert "Balance now" in treasurer.get(path).text
    page = treasurer.post(path, data={"currency": str(till.local), "amount": "20"}).text
    assert "Fees: €0" in page
    assert page.count("€20.00") == 2
    assert held(app, till.lou) == {}
    sure = confirmed(treasurer, path, currency=till.local, amount="20")
    answer = treasurer.post(path, data=sure)
    assert answer.headers["location"] == f"{MONEY}/wallets/{till.lou}"
    assert "Topped up: €20.00. Balance: €20.00." in treasurer.get(answer.headers["location"]).text


def test_pressing_twice_moves_money_once(app: App, treasurer: TestClient, till: Till) -> None:
    for verb, currency, amount in (
        ("top-up", till.local, "50"),
        ("gift", till.gift, "6"),
        ("cash-out", till.local, "50"),
    ):
        path = f"{MONEY}/wallets/{till.lou}/{verb}"
        sure = confirmed(treasurer, path, currency=currency, amount=amount)
        assert [treasurer.post(path, data=sure).status_code for _press in range(2)] == [303, 303]
    assert held(app, till.lou) == {"gift": 600}


def test_two_presses_at_the_same_moment_move_money_once(
    app: App, treasurer: TestClient, new_client: Callable[[], TestClient], till: Till
) -> None:
    path = f"{MONEY}/wallets/{till.lou}/top-up"
    sure = confirmed(treasurer, path, currency=till.local, amount="50")
    browsers = [new_client() for _press in range(6)]
    for browser in browsers:
        browser.cookies.update(treasurer.cookies)
    with ThreadPoolExecutor(len(browsers)) as pool:
        answers = list(pool.map(lambda browser: browser.post(path, data=sure).status_code, browsers))
    assert set(answers) == {303}
    assert held(app, till.lou) == {"money": 5_000}


@pytest.mark.parametrize(
    ("verb", "currency", "amount", "said"),
    [
        ("top-up", "local", "150.01", "At most €150.00 at a time."),
        ("top-up", "local", "0", "too small"),
        ("top-up", "local", "1.005", "too many digits"),
        ("top-up", "local", "ten", "with digits"),
        ("top-up", "gift", "5", "one of the currencies"),
        ("gift", "local", "5", "one of the currencies"),
        ("gift", "gift", "999", "A wallet holds at most €250.00."),
        ("cash-out", "gift", "1", "one of the currencies"),
        ("cash-out", "hours", "1", "one of the currencies"),
        ("cash-out", "local", "20.01", "There is only €20.00 to give back."),
    ],
)
def test_what_does_not_fit_is_said_beside_the_field(
    app: App, treasurer: TestClient, till: Till, verb: str, currency: str, amount: str, said: str
) -> None:
    load(app, till)
    form = {"currency": str(getattr(till, currency)), "amount": amount, "reason": "kept"}
    answer = treasurer.post(f"{MONEY}/wallets/{till.lou}/{verb}", data=form)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="kept"' in answer.text


def test_what_the_ledger_refuses_is_said_and_a_new_try_has_a_new_key(
    app: App, treasurer: TestClient, till: Till
) -> None:
    load(app, till)
    path = f"{MONEY}/wallets/{till.lou}/cash-out"
    sure = confirmed(treasurer, path, currency=till.local, amount="15")
    flows.cash_out(app, ODILE, CashOut(asset=till.local, amount=1_000, wallet=till.lou))
    answer = treasurer.post(path, data=sure)
    assert answer.status_code == 409
    assert "There is not enough" in answer.text
    again = confirmed(treasurer, path, currency=till.local, amount="10")
    assert again["key"] != sure["key"]
    assert treasurer.post(path, data=again).status_code == 303
    assert held(app, till.lou) == {"gift": 600}


def test_a_voucher_ends_on_the_day_that_was_said(app: App, treasurer: TestClient, till: Till) -> None:
    path = f"{MONEY}/wallets/{till.lou}/gift"
    wanted = {"currency": str(till.gift), "amount": "6"}
    for day, said in (("2001-01-01", "This day is over."), ("9999-12-31", "Ten years"), ("soon", "a day")):
        answer = treasurer.post(path, data=wanted | {"until": day})
        assert answer.status_code == 422
        assert said in answer.text
    last = (clock.now() + timedelta(days=30)).date()
    treasurer.post(path, data=confirmed(treasurer, path, **wanted, until=last.isoformat()))
    with app.db.read() as session:
        (voucher,) = balances(session, till.lou)
    assert voucher.expires_at is not None
    assert voucher.expires_at.astimezone(ZoneInfo("Europe/Paris")).date() == last


def test_a_wallet_is_found_by_a_tap_a_number_a_name_or_a_mail(
    app: App, treasurer: TestClient, till: Till
) -> None:
    lou = add_person(app, "lou@example.org", name="Lou Çelik")
    mine = app.db.write(lambda session: wallet_of(session, lou)).id
    card_of(app, mine)
    card_of(app, till.sam, "P2QWER7T", None)
    for tap in ("04:a1:b2:c3:d4:e5:f6", "0x04A1B2C3D4E5F6", "k7m2-9qxd", "CODEK7M29QXD"):
        answer = treasurer.post(f"{MONEY}/wallets/find", data={"q": tap})
        assert answer.headers["location"] == f"{MONEY}/wallets/{mine}"
    for words, seen, unseen in (
        ("celik", "Lou Çelik", "P2QW ER7T"),
        ("LOU@example", "Lou Çelik", "P2QW ER7T"),
        ("qwer", "P2QW ER7T", "Lou"),
    ):
        page = treasurer.post(f"{MONEY}/wallets/find", data={"q": words}).text
        assert seen in page
        assert unseen not in page
    assert "I find no wallet" in treasurer.post(f"{MONEY}/wallets/find", data={"q": "04FFFFFFFFFFFF"}).text
    assert treasurer.post(f"{MONEY}/wallets/find").status_code == 200


def test_a_person_without_a_wallet_gets_one(app: App, treasurer: TestClient, till: Till) -> None:
    lou = add_person(app, "lou@example.org", name="Lou")
    assert f'action="{MONEY}/wallets/of/{lou}"' in treasurer.get(f"{MONEY}/wallets?q=lou").text
    first, second = (treasurer.post(f"{MONEY}/wallets/of/{lou}").headers["location"] for _press in range(2))
    assert first == second
    assert "This wallet is empty." in treasurer.get(first).text
    assert treasurer.post(f"{MONEY}/wallets/of/{new_id()}").status_code == 404


def test_a_wallet_tells_its_balances_and_each_balance_after(
    app: App, treasurer: TestClient, till: Till
) -> None:
    an_evening(app, till)
    page = treasurer.get(f"{MONEY}/wallets/{till.lou}").text
    assert "Nobody has claimed this wallet." in page
    assert "Trop salé" in page
    assert "−€2.23" in page
    only = treasurer.get(f"{MONEY}/wallets/{till.lou}?currency={till.gift}").text
    assert ">Top-up<" not in re.sub(r"\s|<option.*?option>", "", only)
    gifts = treasurer.get(f"{MONEY}/wallets/{till.lou}?kind=gift").text
    assert "bravo" in gifts
    assert "Trop salé" not in gifts
    assert "Nothing matches" in treasurer.get(f"{MONEY}/wallets/{till.lou}?kind=merry").text
    assert treasurer.get(f"{MONEY}/wallets/{new_id()}").status_code == 404


def test_long_histories_come_in_pages(app: App, treasurer: TestClient, till: Till) -> None:
    for number in range(60):
        flows.top_up(app, ODILE, TopUp(asset=till.points, amount=1, wallet=till.sam, reason=f"n{number:02}"))
    for path, seen in (
        (f"{MONEY}/wallets/{till.sam}", 60),
        (f"{MONEY}/wallets/{till.sam}?kind=top_up", 60),
        (f"{MONEY}/movements", 60),
    ):
        found: list[str] = []
        while path:
            page = treasurer.get(path).text
            found += re.findall(r"\bn\d\d\b", page)
            following = re.search(r'href="([^"]*)" rel="next"', page)
            path = following[1].replace("&amp;", "&") if following else ""
        assert found == [f"n{number:02}" for number in reversed(range(seen))]


def test_a_payment_is_told_to_the_line_and_refunded_in_part_then_whole(
    app: App, treasurer: TestClient, till: Till
) -> None:
    paid = an_evening(app, till)["spend"]
    path = f"{MONEY}/transfers/{paid.id}"
    page = treasurer.get(path).text
    for words in ("Soupe", "Gift voucher", "€6.67", "See the entries", "Print"):
        assert words in page
    form = treasurer.get(f"{path}/refund").text
    assert "€8.99" in form
    too_much = treasurer.post(f"{path}/refund", data={"key": field(form, "key"), "amount": "9"})
    assert too_much.status_code == 409
    assert field(too_much.text, "key") != field(form, "key")
    rest = {"key": field(too_much.text, "key"), "reason": "Froid"}
    first, second = (treasurer.post(f"{path}/refund", data=rest) for _press in range(2))
    assert first.headers["location"] == second.headers["location"]
    assert "nothing left to give back" in treasurer.get(f"{path}/refund").text
    assert "Froid" in treasurer.get(first.headers["location"]).text


def test_every_movement_of_an_evening_has_its_page(app: App, treasurer: TestClient, till: Till) -> None:
    for name, receipt in an_evening(app, till).items():
        for ending in ("", "/refund", "/correct"):
            answer = treasurer.get(f"{MONEY}/transfers/{receipt.id}{ending}")
            assert answer.status_code == 200, (name, ending)
        told = treasurer.get(f"{MONEY}/transfers/{receipt.id}").text
        assert ("It was refused." in told) == (name == "no")
        assert ("There is not enough" in told) == (name == "no")


def test_a_mistake_is_corrected_by_its_opposite_with_a_reason(
    app: App, treasurer: TestClient, till: Till
) -> None:
    load(app, till)
    with app.db.read() as session:
        lines = history(session, till.lou).lines
    path = f"{MONEY}/transfers/{next(line.tx_id for line in lines if line.kind == 'top_up')}"
    form = treasurer.get(f"{path}/correct").text
    assert "Nothing is ever erased." in form
    assert treasurer.post(f"{path}/correct", data={"key": field(form, "key")}).status_code == 422
    sure = {"key": field(form, "key"), "reason": "Twice the same"}
    answers = [treasurer.post(f"{path}/correct", data=sure) for _press in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert held(app, till.lou) == {"gift": 600}
    assert "Twice the same" in treasurer.get(answers[0].headers["location"]).text
    assert "cannot be corrected" in treasurer.get(f"{path}/correct").text
    assert treasurer.get(f"{MONEY}/transfers/{new_id()}").status_code == 404


def test_receipts_keep_the_name_that_a_currency_had(app: App, treasurer: TestClient, till: Till) -> None:
    paid = an_evening(app, till)["spend"]
    words = {"name": "Coquilles", "icon": "spiral", "where_spent": "Here."}
    treasurer.post(f"{MONEY}/currencies/{till.local}", data=words)
    assert "Coquilles" in treasurer.get(MONEY).text
    assert "Coquilles" not in treasurer.get(f"{MONEY}/transfers/{paid.id}").text.split("Before and after")[0]


def test_movements_are_chosen_by_kind_currency_and_day(app: App, treasurer: TestClient, till: Till) -> None:
    an_evening(app, till)
    for query, seen, unseen in (
        ("kind=refund", "Trop salé", "bravo"),
        (f"currency={till.gift}", "bravo", "Fête d’été"),
        ("since=2026-11-20&until=2026-11-20", "bravo", "Trop salé"),
        ("since=2026-11-21&until=2026-11-21", "Trop salé", "bravo"),
    ):
        page = treasurer.get(f"{MONEY}/movements?{query}").text
        assert seen in page
        assert unseen not in page
    assert "Nothing matches" in treasurer.get(f"{MONEY}/movements?kind=zzz").text
    for day in ("soon", "9999-12-31", "0001-01-01"):
        assert treasurer.get(f"{MONEY}/movements?until={day}").status_code in (200, 422)


def test_what_circulates_adds_up_and_the_ledger_is_checked_from_the_screen(
    app: App, treasurer: TestClient, till: Till
) -> None:
    an_evening(app, till)
    assert "In circulation" in treasurer.get(MONEY).text
    assert "Last check" in treasurer.get(MONEY).text
    treasurer.post(f"{MONEY}/check")
    assert "All is right" in treasurer.get(MONEY).text
    with app.db.read() as session:
        assert read_choice(session, LastCheck).rows > 10
    app.db.write(
        lambda session: save_choice(session, LastCheck(clock.now(), 3, "ledger_tx 2", "another hash"))
    )
    assert "ledger_tx 2" in treasurer.get(MONEY).text


def test_the_ledger_leaves_as_files(app: App, treasurer: TestClient, till: Till) -> None:
    an_evening(app, till)
    for kind, piece in (
        ("ledger-csv", "Trop salé"),
        ("hledger", "Liabilities:Wallets"),
        ("beancount", "open"),
    ):
        answer = treasurer.get(f"{MONEY}/exports/{kind}")
        assert piece in answer.text
        assert "attachment" in answer.headers["content-disposition"]
    assert treasurer.get(f"{MONEY}/exports/events").status_code == 404


def test_limits_are_changed_on_screen_and_count_at_once(app: App, treasurer: TestClient, till: Till) -> None:
    form = {"top_up_most": "30", "wallet_most": "100,50", "cash_out_most": "10", "cash_out_day": "20",
            "gift_days": "0", "back_image_from": "500"}  # fmt: skip
    for name, value, said in (
        ("top_up_most", "200", "cannot be more than what a wallet holds"),
        ("cash_out_most", "30", "cannot be more than in a day"),
        ("wallet_most", "much", "with digits"),
    ):
        answer = treasurer.post(f"{MONEY}/rules", data=form | {name: value})
        assert answer.status_code == 422
        assert said in answer.text
    assert treasurer.post(f"{MONEY}/rules", data=form).status_code == 303
    with app.db.read() as session:
        assert read_choice(session, MoneyRules) == MoneyRules(3_000, 10_050, 1_000, 2_000, 0, 500)
    assert 'value="100,50"' in treasurer.get(f"{MONEY}/rules").text
    over = {"currency": str(till.local), "amount": "31"}
    assert treasurer.post(f"{MONEY}/wallets/{till.lou}/top-up", data=over).status_code == 422


def test_a_cashier_loads_wallets_and_sees_no_more(
    app: App, new_client: Callable[[], TestClient], till: Till
) -> None:
    load(app, till)
    cashier = new_client()
    sign_in(app, cashier, "bruno@example.org", "cashier")
    assert cashier.get(MONEY).headers["location"] == f"{MONEY}/wallets"
    page = cashier.get(f"{MONEY}/wallets/{till.lou}").text
    assert "/top-up" in page
    assert "/cash-out" not in page
    for path in ("movements", "rules", "currencies", f"wallets/{till.lou}/gift", "exports/ledger-csv"):
        assert cashier.get(f"{MONEY}/{path}").status_code == 403
