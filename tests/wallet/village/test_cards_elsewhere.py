"""My money at other nodes: asked of the issuer by the home alone, kept with the time when it was true."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from kit import clock
from kit.db import Database
from kit.ids import new_id
from people.identity import cookie_name
from tests.factories.money import ODILE, at
from tests.people.browsers import add_person, open_session
from tests.wallet.pockets import Pass
from tests.wallet.village.neighbours import PRIMARY, House, Village, befriend, close, open_house
from wallet import flows
from wallet.asking import whose_anywhere
from wallet.between.messages import Held, History, Holdings, Movement, Movements, Refused
from wallet.between.port import Village as VillagePort
from wallet.cards.reading import Tap
from wallet.jobs import list_cards
from wallet.ledger.requests import Holder
from wallet.ledger.shapes import Line
from wallet.models.village_cards import VillageMovement
from wallet.personal import PERSONAL_DATA
from wallet.queries.village_mine import ASKING, FRESH, REFUSED, SILENT, Elsewhere, elsewhere
from wallet.schemas import Spending
from wallet.service.cards.states import mark_lost
from wallet.service.village_cards import forget_directory, heard_about_cards
from wallet.service.village_holdings import ask_holdings

UID = "04A1B2C3D4E5F6"
HOME, BAR, FAR = (f"http://127.0.0.1:{port}" for port in (8201, 8202, 8204))


@pytest.fixture
def village(new_database_url: Callable[[], str], tmp_path: Path) -> Iterator[Village]:
    """Home, Bar and the primary are peers of each other."""
    houses = {
        f"http://127.0.0.1:{port}": open_house(
            tmp_path / str(port), Database(new_database_url(), durable=False), port, (HOME, BAR)
        )
        for port in (8201, 8202, 8203)
    }
    befriend(houses[HOME], houses[BAR])
    befriend(houses[HOME], houses[PRIMARY])
    yield Village(houses)
    close(houses.values())


@pytest.fixture
def home(village: Village) -> House:
    return village.houses[HOME]


@pytest.fixture
def bar(village: Village) -> House:
    return village.houses[BAR]


@pytest.fixture
def lou(home: House) -> UUID:
    """Somebody of Home."""
    return add_person(home.app, "lou@example.org", name="Lou")


@pytest.fixture
def card(village: Village, home: House, lou: UUID) -> Pass:
    """Lou's card, known at every peer."""
    found = home.new_pass(UID)
    home.link(found, lou)
    village.settle()
    return found


@pytest.fixture
def wallet(home: House, card: Pass) -> UUID:
    """Lou's wallet at home."""
    return home.whose(uid=UID).wallet_here or new_id()


def test_what_is_held_elsewhere_is_shown_with_the_time_it_was_true(
    village: Village, home: House, bar: House, wallet: UUID
) -> None:
    there = bar.top_up(bar.whose(uid=UID), 1_500)
    pay = Spending(lines=(Line("Soupe", 400),), payers=(Holder(there),), point="Bar")
    flows.spend(bar.app, ODILE, pay)
    noon = clock.now() + timedelta(minutes=1)
    with at(noon):
        assert home.write(lambda session: ask_holdings(session, wallet)) == [BAR, PRIMARY]
        assert [one.state for one in look(home, wallet)] == [ASKING, ASKING]
        village.settle(home)
        shown = {one.peer: one for one in look(home, wallet)}
    assert shown[BAR].state == shown[PRIMARY].state == FRESH
    assert shown[BAR].at == noon.replace(microsecond=noon.microsecond // 1000 * 1000)
    assert [(one.amount, one.currency.issuer) for one in shown[BAR].sums] == [(1_100, BAR)]
    assert [(move.kind, move.amount) for move in shown[BAR].moves] == [("spend", -400), ("top_up", 1_500)]
    assert shown[PRIMARY].sums == []


def test_movements_come_by_parts_and_once(
    village: Village, home: House, bar: House, wallet: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wallet.queries.village_cards.MOST_MOVEMENTS", 2)
    for cents in range(101, 106):
        bar.top_up(bar.whose(uid=UID), cents)
    for minute in (1, 2):
        with at(clock.now() + timedelta(minutes=minute)):
            home.write(lambda session: ask_holdings(session, wallet))
            village.settle(home)
    (shown, _primary) = look(home, wallet)
    assert [move.amount for move in shown.moves] == [105, 104, 103, 102, 101]


def test_a_node_that_is_silent_is_said_to_be_and_the_last_word_stays(
    village: Village, home: House, bar: House, wallet: UUID
) -> None:
    bar.top_up(bar.whose(uid=UID), 900)
    home.write(lambda session: ask_holdings(session, wallet))
    village.settle(home)
    later = clock.now() + timedelta(hours=1)
    with at(later):
        home.write(lambda session: ask_holdings(session, wallet))
    with at(later + timedelta(seconds=6)):
        shown = look(home, wallet)[0]
    assert (shown.state, [one.amount for one in shown.sums]) == (SILENT, [900])
    assert shown.at is not None
    assert shown.at < later


def test_a_fresh_answer_is_not_asked_for_again(village: Village, home: House, wallet: UUID) -> None:
    home.write(lambda session: ask_holdings(session, wallet))
    assert home.write(lambda session: ask_holdings(session, wallet)) == []
    with at(clock.now() + timedelta(seconds=20)):
        assert home.write(lambda session: ask_holdings(session, wallet)) == [BAR, PRIMARY]


def test_holdings_and_history_are_for_the_home_alone(
    village: Village, home: House, bar: House, wallet: UUID
) -> None:
    bar.top_up(bar.whose(uid=UID), 900)
    handle = bar.whose(uid=UID).handles[BAR]
    befriend(bar, village.houses[PRIMARY])
    for question in (
        Holdings(id=new_id(), made=0, handle=handle),
        History(id=new_id(), made=0, handle=handle),
    ):
        answer = village.ask(village.houses[PRIMARY], BAR, question)
        assert isinstance(answer, Refused)
        unknown = village.ask(home, BAR, type(question)(id=new_id(), made=0, handle="h_nobody_at_all"))
        assert isinstance(unknown, Refused)
        assert unknown.why == answer.why, "whether a handle exists is not said either"
    own = village.ask(home, BAR, Holdings(id=new_id(), made=0, handle=handle))
    assert isinstance(own, Held)
    assert list(own.balances.values()) == [900]


def test_a_peer_speaks_of_its_own_currencies_and_numbers_alone(home: House, bar: House, wallet: UUID) -> None:
    home.write(lambda session: ask_holdings(session, wallet))
    handle = bar.whose(uid=UID).handles[BAR]
    asked = Holdings(id=new_id(), made=1, handle=handle)
    host = BAR.partition("://")[2]
    lies = {f"{host}/x": 5, "127.0.0.1:8203/x": 7, f"{host}/y": -3, f"{host}/z": 2**60}
    tell(home, asked, Held(id=asked.id, made=1, at=1_800_000_000_000, balances=lies))
    shown = look(home, wallet)[0]
    assert (shown.sums, shown.has_more) == ([], True), "of an unknown currency no amount is shown"
    history = History(id=new_id(), made=1, handle=handle)
    gap = Movement(number=2, at=1, kind="gift", asset=f"{host}/x", amount=1)
    tell(home, history, Movements(id=history.id, made=1, at=1, movements=(gap,)))
    assert look(home, wallet)[0].moves == []


def test_a_refusal_is_told_and_the_last_word_stays(home: House, bar: House, wallet: UUID) -> None:
    home.write(lambda session: ask_holdings(session, wallet))
    asked = Holdings(
        id=new_id(), made=int(clock.now().timestamp() * 1000) + 1, handle=bar.whose(uid=UID).handles[BAR]
    )
    tell(home, asked, Refused(id=asked.id, made=1, why="handle_unknown"))
    assert look(home, wallet)[0].state == REFUSED


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("language", "true_at", "silent"),
    [
        ("fr", "C’était vrai", "Je ne peux pas joindre 127.0.0.1:8203 en ce moment"),
        ("en", "True ", "I cannot reach 127.0.0.1:8203 now"),
    ],
)
def test_my_money_says_where_it_is_and_when_it_was_true(
    village: Village,
    home: House,
    bar: House,
    lou: UUID,
    wallet: UUID,
    language: str,
    true_at: str,
    silent: str,
) -> None:
    bar.top_up(bar.whose(uid=UID), 1_500)
    browser = browse(home, lou, language)
    page = browser.get("/my/money")
    assert page.status_code == 200
    village.settle(home)
    with at(clock.now() + timedelta(seconds=8)):
        page = browser.get("/my/money/elsewhere")
    assert "15" in page.text
    assert true_at in page.text
    home.app.ports.give(VillagePort, Deaf())
    with at(clock.now() + timedelta(minutes=5)):
        browser.get("/my/money")
    with at(clock.now() + timedelta(minutes=5, seconds=8)):
        page = browser.get("/my/money/elsewhere")
    assert silent in page.text
    assert page.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_person_whom_no_other_place_knows_is_told_so(home: House) -> None:
    sam = add_person(home.app, "sam@example.org")
    page = browse(home, sam, "en").get("/my/money/elsewhere")
    assert "No other place knows my Pass yet" in page.text


def test_a_person_who_leaves_is_warned_and_forgotten(
    village: Village, home: House, bar: House, lou: UUID, wallet: UUID
) -> None:
    bar.top_up(bar.whose(uid=UID), 900)
    home.write(lambda session: ask_holdings(session, wallet))
    village.settle(home)
    assert home.read(lambda session: PERSONAL_DATA.blocks_erasure(session, lou)) == [
        "Something is left at 127.0.0.1:8202. I spend it there first."
    ]
    told = home.read(lambda session: PERSONAL_DATA.export(session, lou))["elsewhere"]
    assert [sum(place["balances"].values()) for place in told] == [900, 0]
    assert [move["amount"] for move in told[0]["movements"]] == [900]
    home.write(lambda session: PERSONAL_DATA.erase(session, lou))
    assert home.read(lambda session: session.query(VillageMovement).count()) == 0
    list_cards(home.app)
    village.settle()
    assert bar.whose(uid=UID).wallet_here is None, "the card is nobody's again"


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_the_office_sees_where_a_card_is_known(village: Village, home: House, card: Pass) -> None:
    office = add_person(home.app, "odile@example.org", "administrator")
    browser = browse(home, office, "en")
    page = browser.get(f"/admin/money/cards/{card.id}").text
    assert page.count("Knows its present state") == 2
    assert "127.0.0.1:8202" in page
    fresh = home.new_pass("04FFFFFFFFFFF1")
    assert browser.get(f"/admin/money/cards/{fresh.id}").text.count("Not told yet") == 2


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_the_counter_opens_a_neighbours_card_and_refuses_a_lost_one(
    village: Village, home: House, bar: House, card: Pass
) -> None:
    browser = browse(bar, add_person(bar.app, "odile@example.org", "administrator"), "en")
    opened = browser.post("/admin/money/wallets/find", data={"q": UID})
    assert opened.status_code == 303, opened.text
    assert opened.headers["location"].endswith(str(bar.whose(uid=UID).wallet_here))
    assert browser.get(opened.headers["location"]).status_code == 200
    home.write(lambda session: mark_lost(session, ODILE, card.id))
    village.settle(home)
    other = home.new_pass("04FFFFFFFFFFF1")
    village.settle(home)
    home.write(lambda session: mark_lost(session, ODILE, other.id))
    village.settle(home)
    refused = browser.post("/admin/money/wallets/find", data={"q": "04FFFFFFFFFFF1"})
    assert "declared lost" in refused.text


async def test_a_tap_that_nobody_knows_is_taken_to_the_primary(
    village: Village, home: House, wallet: UUID
) -> None:
    """Bar forgot Home's directory; Bar is of the primary's network, and asks it by the port."""
    bar, primary = village.houses[BAR], village.houses[PRIMARY]
    befriend(bar, primary)
    await bar.app.db.awrite(lambda session: forget(session))
    bar.app.ports.give(VillagePort, ByHand(village, bar))
    found = await whose_anywhere(bar.app, Tap(uid=UID))
    assert (found.home, set(found.handles)) == (PRIMARY, {PRIMARY})


class Deaf:
    """A village where nobody answers."""

    async def ask(self, peer: str, message: object, ms: int) -> None:
        return None

    def reachable(self, peer: str) -> bool:
        return False


class ByHand(Deaf):
    """Takes a question to the other node of the test."""

    def __init__(self, village: Village, house: House) -> None:
        self._village, self._house = village, house

    async def ask(self, peer: str, message: object, ms: int) -> object:  # type: ignore[override]
        return self._village.ask(self._house, peer, message)  # type: ignore[arg-type]


def look(home: House, wallet: UUID) -> list[Elsewhere]:
    return home.read(lambda session: elsewhere(session, wallet))


def tell(home: House, asked: Holdings | History, answer: Held | Movements | Refused) -> None:
    home.write(lambda session: heard_about_cards(session, BAR, asked, answer))


def forget(session: Session) -> None:
    forget_directory(session, HOME)


def browse(home: House, person: UUID, language: str) -> TestClient:
    headers = {"sec-fetch-site": "same-origin", "accept-language": language}
    browser = TestClient(home.doors, base_url=home.url, headers=headers, follow_redirects=False)
    browser.cookies.set(cookie_name(home.app.settings), open_session(home.app, person))
    return browser
