"""What must hold of a village's money once everything is healed: what tills were told, against every book."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID, uuid5

from kit.auth import Principal
from node.demo.village import DemoNode
from tests.village.faults.books import Kept, alarms, broken, payments, posted, rows, unfinished
from tests.village.faults.nodes import Sheltered
from tests.village.faults.tills import Sale
from tests.waiting import until
from wallet.service.posting import request_id

AGREED_WITHIN = 300.0
"""Seconds after healing: five minutes, by the protocol."""
PAID = {"ok"}
NO = {"failed", "refused"}
TOGETHER = UUID("5d7f6b0e-3f0c-5b0a-9d55-0f6a3c1e9b04")
"""The name space of `wallet.flows_village`."""


def wait_for_rest(village: Sheltered) -> None:
    """Return when nothing is under way anywhere and mirrors hold what issuers hold, byte for byte."""
    seen: list[str] = []

    def rests() -> bool:
        seen[:] = unfinished(village)
        return not seen

    try:
        until("all is over", rests, AGREED_WITHIN)
    except AssertionError as error:
        raise AssertionError(f"{error}: {seen[:10]}") from None


def must_hold(village: Sheltered, sales: Sequence[Sale]) -> Counter[str]:
    """What tills were told, line by line, each finding named; how often what was told."""
    kept = payments(village.acceptor)
    issuers = [node for node in village.nodes if node is not village.acceptor]
    books = {issuer.url: posted(issuer, village.acceptor) for issuer in issuers}
    found = [*_told_wrong(village.acceptor, sales, kept), *_booked_wrong(kept, books), *_nobodys(kept, books)]
    assert not found, found[:10]
    told = Counter(sale.told or "never answered" for sale in sales)
    return told + Counter(f"alarm {what}" for what in alarms(village.nodes).elements())


def must_verify(village: Sheltered) -> None:
    """`hameau verify` has nothing to say of any node."""
    for node in village.nodes:
        assert broken(node) == "", node.name


def payment_ids(sale: Sale, cashier: Principal) -> tuple[str, str]:
    """The payments that a sale may have become: by its key, also when its till was never told.

    The second one is asked of several issuers together, when the first said that it is not enough.
    """
    first = request_id(cashier, sale.key)
    return str(first), str(uuid5(TOGETHER, f"{first.hex} together"))


def cashier_of(acceptor: DemoNode) -> Principal:
    """Whoever the tills of a node sell for: one person."""
    ((name,),) = rows(acceptor, "SELECT DISTINCT by FROM village_payment WHERE kind = 'sale'")
    return Principal(person_id=UUID(name))


def _told_wrong(acceptor: DemoNode, sales: Iterable[Sale], kept: dict[str, Kept]) -> Iterator[str]:
    """What a till was told must be what the acceptor keeps, for ever; and nobody pays without a till."""
    cashier, owned = cashier_of(acceptor), set[str]()
    for sale in sales:
        ids = payment_ids(sale, cashier)
        owned |= {*ids}
        yield from (f"{sale.key} was told {words}" for words in sale.contradictions)
        yield from _one_told_wrong(sale, {one for one in ids if one in kept and kept[one].state in PAID})
    yield from (f"{one}: no till asked for it" for one in kept.keys() - owned)


def _one_told_wrong(sale: Sale, paid: set[str]) -> Iterator[str]:
    """`paid`: the payments of this sale that took money."""
    if len(paid) > 1:
        yield f"{sale.key} was paid twice: {paid}"
    if sale.told == "ok" and paid != {sale.payment}:
        yield f"{sale.key} was told ok of {sale.payment}, paid: {paid or 'nothing'}"
    if sale.told in NO and paid:
        yield f"{sale.key} was told {sale.told} ({sale.why}), and {paid} was paid"


def _booked_wrong(kept: dict[str, Kept], books: dict[str, Counter[str]]) -> Iterator[str]:
    """Paid: exactly the amount, net, once, at each issuer. Not paid: nothing, net."""
    for name, payment in kept.items():
        for leg in payment.legs:
            due = leg.amount if payment.state in PAID else 0
            if books[leg.issuer][leg.id] != due:
                yield f"{name} is {payment.state}: {books[leg.issuer][leg.id]} posted instead of {due}"


def _nobodys(kept: dict[str, Kept], books: dict[str, Counter[str]]) -> Iterator[str]:
    """What an issuer posted for a charge that the acceptor never made."""
    asked = {leg.id for payment in kept.values() for leg in payment.legs}
    for issuer, sums in books.items():
        yield from (
            f"{issuer} posted {sum_} for nobody" for ref, sum_ in sums.items() if sum_ and ref not in asked
        )
