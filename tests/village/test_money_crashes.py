"""Death at each commit of a payment between nodes: the crash points of the design that need real processes.

A tap, a node that dies at a named moment, the node back, the same question again: what the till is told must
be what every book says, once. Numbers are those of the table of crash points (design of the ledger, 3.6).
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from uuid import UUID

import httpx2
import pytest

from kit.ids import new_id
from tests.village.faults.books import Kept, Leg, payments, posted, rows
from tests.village.faults.judging import cashier_of, must_hold, must_verify, payment_ids, wait_for_rest
from tests.village.faults.money import money_village, until
from tests.village.faults.nodes import Sheltered, ShelteredNode, sheltered
from tests.village.faults.tills import SPENDS, Sale, Till
from tests.village.faults.weather import Kind

ONE, BOTH = 20, 400
"""Prices: from one issuer, and more than the card has at the first."""
TRIES, CARDS = 4, 60
DOOR = "/federation/ledger"
CLEARING = "/api/v1/clearing"


def due(sale: Sale) -> int:
    """What must be posted in the end for what its till was told."""
    return sale.amount if sale.told == "ok" else 0


class Evening:
    """A village with cards, and the sales of one till."""

    def __init__(self, village: Sheltered, uids: list[str]) -> None:
        self.village, self.uids = village, iter(uids[1:])
        self.till = Till(village.acceptor, uids, seed=1)

    def sell(self, amount: int) -> "Selling":
        """Begin a sale with a card of its own; it insists until it is answered."""
        sale = Sale(str(new_id()), next(self.uids), amount)
        self.till.sales.append(sale)
        return Selling(self.till, sale)

    def dies(self, victim: ShelteredNode, moment: str, amount: int, met: "Met") -> Sale:
        """A sale during which `victim` died at `moment`, as `met` sees when it is dead, and came back.

        The moment may be reached for something older; then it is tried again.
        """
        for _ in range(TRIES):
            self.be_calm()
            victim.stop()
            victim.start(kill_at=moment)
            self.village.start()
            self.be_heard()
            selling = self.sell(amount)
            assert victim.dies_within(30), f"{moment} was never reached"
            has_met = met(self, selling.sale)
            self.village.start()
            sale = selling.told()
            if has_met:
                return sale
        raise AssertionError(f"{moment} was never reached for a sale of ours")

    def be_calm(self) -> None:
        """Every node up, and reachable to the others, as a small sale shows."""
        self.village.start()
        for _ in range(20):
            if self.sell_again(ONE) == "ok":
                return
        raise AssertionError("no calm sale")

    def be_heard(self) -> None:
        """Return once both issuers answered the acceptor anew: a tap asks those that it reaches."""
        answered, acceptor = self.village.weather.answered, self.village.acceptor.url
        ways = [((acceptor, node.url), DOOR) for node in (self.village.issuer, self.village.primary)]
        before = [answered[way] for way in ways]
        until("both issuers answer", lambda: all(answered[w] > n for w, n in zip(ways, before, strict=True)))

    def sell_again(self, amount: int) -> str:
        sale = Sale(str(new_id()), self.till.uids[0], amount)
        self.till.sales.append(sale)
        with httpx2.Client(trust_env=False, timeout=15) as client:
            self.till.insist(client, sale, 50)
        return sale.told

    def rest(self) -> None:
        """Everything is over, and every book agrees with what was told."""
        wait_for_rest(self.village)
        must_hold(self.village, self.till.sales)

    def kept(self, sale: Sale) -> Kept | None:
        """What the acceptor has of a sale now; of two payments, that of both issuers."""
        found = payments(self.village.acceptor)
        ids = payment_ids(sale, cashier_of(self.village.acceptor))
        return next((found[one] for one in reversed(ids) if one in found), None)

    def legs(self, sale: Sale) -> tuple[Leg, ...]:
        kept = self.kept(sale)
        return kept.legs if kept else ()

    def words(self, sale: Sale) -> list[str]:
        """What the issuers wrote down for the legs of a sale: kinds of their answers."""
        legs = [leg.id.replace("-", "") for leg in self.legs(sale)]
        asked = "SELECT verb FROM village_answer WHERE lower(hex(asked)) = ?"
        issuers = (self.village.issuer, self.village.primary)
        return sorted(verb for node in issuers for leg in legs for (verb,) in rows(node, asked, leg))

    def net(self, sale: Sale) -> int:
        """What the issuers posted for it in the end."""
        issuers = (self.village.issuer, self.village.primary)
        books = {node.url: posted(node, self.village.acceptor) for node in issuers}
        return sum(books[leg.issuer][leg.id] for leg in self.legs(sale))


class Selling(threading.Thread):
    """A till that insists on one sale."""

    def __init__(self, till: Till, sale: Sale) -> None:
        super().__init__(daemon=True)
        self.till, self.sale = till, sale
        self.start()

    def run(self) -> None:
        with httpx2.Client(trust_env=False, timeout=15) as client:
            self.till.insist(client, self.sale, 600)

    def told(self) -> Sale:
        self.join(90)
        assert not self.is_alive(), "the till was never answered"
        return self.sale


Met = Callable[[Evening, Sale], bool]


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evening]:
    with sheltered(tmp_path_factory.mktemp("crashes"), seed=1) as village:
        yield Evening(village, money_village(village, CARDS))


def is_nothing(evening: Evening, sale: Sale) -> bool:
    return evening.kept(sale) is None


def was_posted(evening: Evening, sale: Sale) -> bool:
    return "charge" in evening.words(sale)


def is_at(state: str, *legs: str) -> Met:
    """The payment is in this state, and so are its legs, where they are given."""

    def met(evening: Evening, sale: Sale) -> bool:
        kept = evening.kept(sale)
        if kept is None or kept.state != state:
            return False
        return not legs or sorted(leg.state for leg in kept.legs) == sorted(legs)

    return met


def test_1_acceptor_dies_before_it_began(evening: Evening) -> None:
    sale = evening.dies(evening.village.acceptor, "payment-begun.before", ONE, is_nothing)
    evening.rest()
    assert sale.asked > 1, "nothing was written: the same question begins anew"
    assert evening.net(sale) == due(sale)


def test_2_acceptor_dies_after_it_began_and_before_it_asked(evening: Evening) -> None:
    sale = evening.dies(evening.village.acceptor, "payment-begun.after", ONE, is_at("open", "intent"))
    evening.rest()
    assert sale.told == "failed"
    assert evening.words(sale) == ["cancel"], "a tombstone: a charge that comes late takes nothing"
    assert evening.net(sale) == 0


def test_6_issuer_dies_before_its_commit(evening: Evening) -> None:
    issuer = evening.village.issuer
    sale = evening.dies(issuer, "answer-decided.before", ONE, lambda *said: not was_posted(*said))
    evening.rest()
    assert evening.net(sale) == due(sale)


def test_7_issuer_dies_after_its_commit_and_before_it_answered(evening: Evening) -> None:
    sale = evening.dies(evening.village.issuer, "answer-decided.after", ONE, was_posted)
    evening.rest()
    assert evening.net(sale) == due(sale)
    assert sale.told == "ok" or evening.words(sale) == ["cancel", "charge"]


def test_8_receipt_lost_and_asked_for_again_in_time(evening: Evening) -> None:
    evening.be_calm()
    weather = evening.village.weather
    weather.chances = {Kind.UNANSWERED: 100}
    weather.rage()
    selling = evening.sell(ONE)
    threading.Event().wait(0.2)
    weather.heal()
    sale = selling.told()
    evening.rest()
    assert weather.met[Kind.UNANSWERED] > 0
    assert "charge" in evening.words(sale)
    assert evening.net(sale) == due(sale)


def test_8_and_28_no_answer_arrives_although_every_question_does(evening: Evening) -> None:
    evening.be_calm()
    issuer, acceptor = evening.village.issuer.url, evening.village.acceptor.url
    evening.village.weather.cut(issuer, acceptor)
    sale = evening.sell(ONE).told()
    assert sale.told == "failed"
    evening.village.weather.mend(issuer, acceptor)
    evening.rest()
    assert (evening.net(sale), evening.words(sale)) == (0, ["cancel", "charge"])


def test_11_acceptor_dies_with_the_receipt_in_its_hand(evening: Evening) -> None:
    sale = evening.dies(evening.village.acceptor, "receipt-noted.before", ONE, was_posted)
    evening.rest()
    assert evening.net(sale) == due(sale)


def test_12_acceptor_dies_with_the_receipt_kept_and_the_till_not_told(evening: Evening) -> None:
    sale = evening.dies(evening.village.acceptor, "receipt-noted.after", ONE, is_at("ok"))
    evening.rest()
    assert sale.told == "ok", "it was paid: the till hears of it by its own key"
    assert sale.asked > 1
    assert evening.net(sale) == ONE


def test_17_acceptor_dies_between_holds_and_decision(evening: Evening) -> None:
    one_held = is_at("open", "held", "intent")
    sale = evening.dies(evening.village.acceptor, "receipt-noted.before:3", BOTH, one_held)
    evening.rest()
    assert (sale.told, evening.net(sale)) == ("failed", 0)
    nodes = (evening.village.issuer, evening.village.primary)
    assert [rows(node, "SELECT sum(held) FROM ledger_account")[0][0] for node in nodes] == [0, 0]


def test_18_acceptor_dies_after_its_decision(evening: Evening) -> None:
    sale = evening.dies(evening.village.acceptor, "decision-taken.after", BOTH, is_at("commit"))
    evening.rest()
    assert (sale.told, evening.net(sale)) == ("ok", BOTH)
    assert evening.words(sale).count("capture") == len(evening.legs(sale)) == 2


@pytest.mark.parametrize("when", ["before", "after"])
def test_the_till_waits_no_longer_and_the_acceptor_dies(evening: Evening, when: str) -> None:
    """Points 3 and 9: the charge is lost or its receipt late, and undoing begins as the node dies."""
    evening.be_calm()
    issuer, acceptor = evening.village.issuer.url, evening.village.acceptor.url
    evening.village.acceptor.stop()
    evening.village.acceptor.start(kill_at=f"offline-accepted.{when}")
    evening.village.start()
    evening.village.weather.cut(issuer, acceptor)
    selling = evening.sell(ONE)
    assert evening.village.acceptor.dies_within(20)
    evening.village.weather.heal()
    evening.village.start()
    sale = selling.told()
    evening.rest()
    assert evening.net(sale) == due(sale)


@contextmanager
def dying(evening: Evening, victim: ShelteredNode, moment: str) -> Iterator[None]:
    """What is done meanwhile kills `victim` at that moment; it is back afterwards."""
    victim.stop()
    victim.start(kill_at=moment)
    evening.village.start()
    yield
    assert victim.dies_within(90), f"{moment} was never reached"
    evening.village.start()


def ask(node: ShelteredNode, path: str, said: object, key: UUID) -> None:
    """A person of a node says something, and perhaps the node dies of it."""
    headers = {"authorization": f"Bearer {node.secrets['api_token']}", "idempotency-key": str(key)}
    with suppress(httpx2.HTTPError):
        httpx2.post(f"{node.direct}{CLEARING}{path}", json=said, headers=headers, trust_env=False, timeout=15)


def states(evening: Evening, reference: str) -> list[str]:
    """Of one settlement, at its proposer and at whoever signs."""
    found = "SELECT state FROM village_clearing WHERE reference = ?"
    nodes = (evening.village.issuer, evening.village.acceptor)
    return [state for node in nodes for (state,) in rows(node, found, reference)]


@pytest.mark.parametrize(
    ("who", "asked", "signed"), [("issuer", "before", "after"), ("acceptor", "after", "before")]
)
def test_a_debt_falls_once_whoever_dies_as_it_is_signed(
    evening: Evening, who: str, asked: str, signed: str
) -> None:
    """The issuer says that it paid the acceptor outside, whose treasurer confirms; one of them dies twice."""
    evening.be_calm()
    issuer, acceptor = evening.village.issuer, evening.village.acceptor
    victim: ShelteredNode = getattr(evening.village, who)
    (code,) = rows(issuer, "SELECT asset FROM village_agreement WHERE acceptor = ?", acceptor.url)[0]
    reference = f"VIR {who}"
    paid = {"peer": acceptor.url, "code": code, "amount": ONE, "reference": reference}
    with dying(evening, victim, f"clearing-signed.{asked}"):
        ask(issuer, "/settlements", paid, new_id())
    if not states(evening, reference):  # it died before it wrote: the treasurer sees nothing, and asks anew
        ask(issuer, "/settlements", paid, new_id())
    until("the acceptor is asked", lambda: states(evening, reference) == ["proposed", "waiting"])
    ((named,),) = rows(acceptor, "SELECT id FROM village_clearing WHERE reference = ?", reference)
    with dying(evening, victim, f"clearing-signed.{signed}"):
        ask(acceptor, f"/{UUID(bytes=named)}/confirmation", {"arrived": True}, new_id())
    ask(acceptor, f"/{UUID(bytes=named)}/confirmation", {"arrived": True}, new_id())
    until("both have signed", lambda: states(evening, reference) == ["signed", "signed"], 120)
    evening.rest()
    fallen = "SELECT kind, delta FROM village_line WHERE ref = ?"
    for node in (issuer, acceptor):
        assert rows(node, fallen, str(UUID(bytes=named))) == [("settlement", -ONE)]
    assert rows(issuer, "SELECT sum(held) FROM ledger_account") == [(0,)]


def test_a_till_finds_its_payment_by_its_number_too(evening: Evening) -> None:
    evening.be_calm()
    sale = evening.sell(ONE).told()
    headers = {"authorization": f"Bearer {evening.village.acceptor.secrets['api_token']}"}
    address = f"{evening.village.acceptor.direct}{SPENDS}/{sale.payment}"
    assert httpx2.get(address, headers=headers, trust_env=False).json()["state"] == "ok"


def test_after_all_these_deaths_every_ledger_verifies(evening: Evening) -> None:
    evening.be_calm()
    evening.rest()
    must_verify(evening.village)
