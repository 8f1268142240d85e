"""An evening of a village with cards: a till sells, a node dies at a named moment, and comes back."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx2

from kit.ids import new_id
from tests.village.faults.books import Kept, Leg, payments, posted, rows
from tests.village.faults.judging import cashier_of, must_hold, payment_ids, wait_for_rest
from tests.village.faults.nodes import Sheltered, ShelteredNode
from tests.village.faults.tills import Sale, Till
from tests.waiting import until

ONE = 20
"""A price that one issuer pays."""
TRIES = 8
PATIENCE = 120.0
"""Seconds for what takes two on a machine of one's own."""
DOOR = "/federation/ledger"


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

        On a busy machine a till may be told no before that; then it is tried again.
        """
        for _ in range(TRIES):
            self.arm(victim, moment)
            if victim is not self.village.acceptor:
                self.be_heard()
            selling = self.sell(amount)
            has_met = self.is_dead(victim, selling) and met(self, selling.sale)
            self.disarm(victim)
            sale = selling.told()
            if has_met:
                return sale
        raise AssertionError(f"{moment} was never reached for a sale of ours")

    def arm(self, victim: ShelteredNode, moment: str) -> None:
        """`victim` will die at `moment` of what comes: of what was before, nothing is under way."""
        self.be_calm()
        wait_for_rest(self.village)
        victim.stop()
        victim.start(kill_at=moment)
        self.village.start()

    def disarm(self, victim: ShelteredNode) -> None:
        """`victim` runs on as others do, whether it died or not."""
        victim.stop()
        self.village.start()

    def is_dead(self, victim: ShelteredNode, selling: "Selling") -> bool:
        """Whether it died of this sale; what is under way when the till is told may still arrive."""
        until(
            "it dies, or the till is told", lambda: victim.dies_within(0) or not selling.is_alive(), PATIENCE
        )
        return victim.dies_within(5)

    def be_calm(self) -> None:
        """Every node up, and reachable to the others, as a small sale shows."""
        self.village.start()
        until("a calm sale", lambda: self.sell_again(ONE) == "ok", PATIENCE)

    def be_heard(self) -> None:
        """Return once both issuers answered the acceptor anew: a tap asks those that it reaches.

        An acceptor that just started believes that it reaches everyone.
        """
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
        self.join(PATIENCE)
        assert not self.is_alive(), "the till was never answered"
        return self.sale


Met = Callable[[Evening, Sale], bool]


@contextmanager
def dying(evening: Evening, victim: ShelteredNode, moment: str) -> Iterator[None]:
    """What is done meanwhile kills `victim` at that moment; it is back afterwards."""
    evening.arm(victim, moment)
    yield
    assert victim.dies_within(PATIENCE), f"{moment} was never reached"
    evening.disarm(victim)
