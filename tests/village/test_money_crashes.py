"""Death at each commit of a payment between nodes: the crash points of the design that need real processes.

A tap, a node that dies at a named moment, the node back, the same question again: what the till is told must
be what every book says, once. Numbers are those of the table of crash points (design of the ledger, 3.6).
"""

from collections.abc import Iterator
from contextlib import suppress
from uuid import UUID

import httpx2
import pytest

from kit.ids import new_id
from tests.village.faults.books import rows
from tests.village.faults.evening import ONE, PATIENCE, TRIES, Evening, Met, dying
from tests.village.faults.judging import must_verify
from tests.village.faults.moments import DECIDED, HELD
from tests.village.faults.money import give_grant, money_village
from tests.village.faults.nodes import ShelteredNode, sheltered
from tests.village.faults.tills import SPENDS, Sale
from tests.village.faults.weather import Kind
from tests.waiting import until

BOTH = 400
"""A price that is more than the card has at the first issuer."""
CARDS = 60
CLEARING = "/clearing"


def due(sale: Sale) -> int:
    """What must be posted in the end for what its till was told."""
    return sale.amount if sale.told == "ok" else 0


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
    until("the charge was posted", lambda: "charge" in evening.words(selling.sale), PATIENCE)
    weather.heal()
    sale = selling.told()
    evening.rest()
    assert weather.met[Kind.UNANSWERED] > 0
    assert "charge" in evening.words(sale)
    assert evening.net(sale) == due(sale)


def test_8_and_28_no_answer_arrives_although_every_question_does(evening: Evening) -> None:
    issuer, acceptor = evening.village.issuer.url, evening.village.acceptor.url
    for _ in range(TRIES):
        evening.be_calm()
        evening.village.weather.cut(issuer, acceptor)
        sale = evening.sell(ONE).told()
        evening.village.weather.mend(issuer, acceptor)
        evening.rest()
        assert (sale.told, evening.net(sale)) == ("failed", 0)
        if evening.words(sale) == ["cancel", "charge"]:
            return
    raise AssertionError("no charge ever arrived before it was called off")


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
    sale = evening.dies(evening.village.acceptor, HELD, BOTH, is_at("open", "held", "intent"))
    evening.rest()
    assert (sale.told, evening.net(sale)) == ("failed", 0)
    nodes = (evening.village.issuer, evening.village.primary)
    assert [rows(node, "SELECT sum(held) FROM ledger_account")[0][0] for node in nodes] == [0, 0]


def test_18_acceptor_dies_after_its_decision(evening: Evening) -> None:
    sale = evening.dies(evening.village.acceptor, DECIDED, BOTH, is_at("commit"))
    evening.rest()
    assert (sale.told, evening.net(sale)) == ("ok", BOTH)
    assert evening.words(sale).count("capture") == len(evening.legs(sale)) == 2


@pytest.mark.parametrize("when", ["before", "after"])
def test_the_till_waits_no_longer_and_the_acceptor_dies(evening: Evening, when: str) -> None:
    """Points 3 and 9: the charge is lost or its receipt late, and undoing begins as the node dies."""
    issuer, acceptor = evening.village.issuer.url, evening.village.acceptor
    evening.arm(acceptor, f"offline-accepted.{when}")
    evening.village.weather.cut(issuer, acceptor.url)
    selling = evening.sell(ONE)
    assert acceptor.dies_within(PATIENCE)
    evening.village.weather.heal()
    evening.disarm(acceptor)
    sale = selling.told()
    evening.rest()
    assert evening.net(sale) == due(sale)


def ask(node: ShelteredNode, path: str, said: object) -> None:
    """A person of a node says something, until it is answered or the node dies of it."""
    headers = {"authorization": f"Bearer {node.secrets['api_token']}", "idempotency-key": str(new_id())}
    until("a person is answered", lambda: is_said(node, path, said, headers) or node.dies_within(1), PATIENCE)


def is_said(node: ShelteredNode, path: str, said: object, headers: dict[str, str]) -> bool:
    """Whether the node answered: that it is too busy is no answer."""
    address = f"{node.direct}/api/v1{path}"
    with suppress(httpx2.HTTPError):
        answer = httpx2.post(address, json=said, headers=headers, trust_env=False, timeout=15)
        return answer.status_code != 503 and "still_under_way" not in answer.text
    return False


def states(evening: Evening, reference: str) -> list[str]:
    """Of one settlement, at its proposer and at whoever signs."""
    found = "SELECT state FROM village_clearing WHERE reference = ?"
    nodes = (evening.village.issuer, evening.village.acceptor)
    return [state for node in nodes for (state,) in rows(node, found, reference)]


@pytest.mark.parametrize(
    ("who", "asked", "signed"),
    [
        ("issuer", "clearing-signed.before", "clearing-signed.after"),
        ("acceptor", "clearing-asked.after", "clearing-signed.before"),
    ],
)
def test_a_debt_falls_once_whoever_dies_as_it_is_signed(
    evening: Evening, who: str, asked: str, signed: str
) -> None:
    """The issuer says that it paid the acceptor outside, whose treasurer confirms; one of them dies twice."""
    issuer, acceptor = evening.village.issuer, evening.village.acceptor
    victim: ShelteredNode = getattr(evening.village, who)
    (code,) = rows(issuer, "SELECT asset FROM village_agreement WHERE acceptor = ?", acceptor.url)[0]
    reference = f"VIR {who}"
    paid = {"peer": acceptor.url, "code": code, "amount": ONE, "reference": reference}
    with dying(evening, victim, asked):
        ask(issuer, f"{CLEARING}/settlements", paid)
    if not states(evening, reference):  # it died before it wrote: the treasurer sees nothing, and asks anew
        ask(issuer, f"{CLEARING}/settlements", paid)
    until("the acceptor is asked", lambda: states(evening, reference) == ["proposed", "waiting"], PATIENCE)
    ((named,),) = rows(acceptor, "SELECT id FROM village_clearing WHERE reference = ?", reference)
    with dying(evening, victim, signed):
        ask(acceptor, f"{CLEARING}/{UUID(bytes=named)}/confirmation", {"arrived": True})
    ask(acceptor, f"{CLEARING}/{UUID(bytes=named)}/confirmation", {"arrived": True})
    until("both have signed", lambda: states(evening, reference) == ["signed", "signed"], PATIENCE)
    evening.rest()
    fallen = "SELECT kind, delta FROM village_line WHERE ref = ?"
    for node in (issuer, acceptor):
        assert rows(node, fallen, str(UUID(bytes=named))) == [("settlement", -ONE)]
    assert rows(issuer, "SELECT sum(held) FROM ledger_account") == [(0,)]


GRANT = "SELECT revoked, noted, closed IS NOT NULL FROM village_grant WHERE id = ?"


@pytest.mark.parametrize(
    ("who", "moment"),
    [
        ("acceptor", "grant-ended.before"),
        ("acceptor", "grant-ended.after"),
        ("issuer", "grant-closed.before"),
        ("issuer", "grant-closed.after"),
    ],
)
def test_a_grant_is_over_at_both_whoever_dies_of_its_end(evening: Evening, who: str, moment: str) -> None:
    """The acceptor took money under it while the issuer was silent: that is honoured, and nothing later."""
    issuer, acceptor = evening.village.issuer, evening.village.acceptor
    give_grant(issuer, acceptor)
    ((named,),) = rows(issuer, "SELECT id FROM village_grant WHERE NOT revoked")
    until("the grant is heard", lambda: bool(rows(acceptor, GRANT, named)), PATIENCE)
    with dying(evening, getattr(evening.village, who), moment):
        before = silent_sale(evening)
        ask(issuer, f"/village/grants/{UUID(bytes=named)}/revocation", {})
        evening.village.weather.heal()
    until("both know its end", lambda: rows(issuer, GRANT, named) == [(1, 1, 1)], PATIENCE)
    assert rows(acceptor, GRANT, named)[0][0] == 1
    after = silent_sale(evening)
    evening.village.weather.heal()
    evening.rest()
    assert (before.told, evening.net(before)) == ("ok", ONE)
    assert (after.told, evening.net(after)) == ("failed", 0)


def silent_sale(evening: Evening) -> Sale:
    """One while the issuer answers nothing that the acceptor asks."""
    ways = (evening.village.acceptor.url, evening.village.issuer.url)
    evening.be_calm()
    evening.be_heard()  # else another issuer may pay at once for one that is not reached yet
    evening.village.weather.cut(*ways)
    evening.village.weather.cut(*reversed(ways))
    return evening.sell(ONE).told()


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
