"""When to say again what was not answered: the completer drives every row that is not final, for ever.

It reads the rows and the clock, and keeps nothing that matters: how long it waits is forgotten with the
process, and then everything is simply asked at once. It decides no money.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Final
from uuid import UUID

from wallet.between.completing import abort_of, ack_for, item_for, statement_for
from wallet.between.shapes import Clearing, Mirror, Payment
from wallet.between.times import ACK, COMPLETER_FIRST, COMPLETER_LONGEST, HOUR, MINUTE

ACK_AFTER: Final = MINUTE
"""Lines that came within this time are agreed on together."""
FORGOTTEN_AFTER: Final = 2 * HOUR
_DOUBLINGS: Final = 8
"""More would be above the longest wait."""

Item = tuple[str, bytes]
"""A peer's origin, and exact bytes to say to it."""


@dataclass(slots=True)
class _Said:
    """What was last said about a row (`stage`), to whom, when, and how long to wait for an answer."""

    stage: object
    peer: str
    at: int
    wait: int
    tries: int = 0

    def is_over(self, now: int) -> bool:
        """Whether to say it again; at once when the clock went back."""
        return not self.at <= now < self.at + self.wait


class Completer:
    """What to say now, and to whom. `random` spreads repeats, so that nodes do not all speak at once.

    Times are milliseconds of the clock that payments are dated by; when it jumps, things are said early.
    """

    def __init__(self, random: Random) -> None:
        self._random = random
        self._said: dict[str, _Said] = {}
        self._looked = 0

    def due(
        self,
        payments: Iterable[Payment],
        clearings: Iterable[Clearing],
        mirrors: Iterable[Mirror],
        now_ms: int,
    ) -> list[Item]:
        """What must be said now; each counts as said.

        Give it rows that are not final, all or only some: what is new is due at once, the same thing again
        after 0.5 s, doubled each time, up to a minute. `mirrors`: of other nodes' lines alone.
        """
        self._forget(now_ms)
        items = [one for payment in payments for one in self._of_payment(payment, now_ms)]
        items += [one for clearing in clearings for one in self._of_clearing(clearing, now_ms)]
        return items + [one for mirror in mirrors for one in self._of_mirror(mirror, now_ms)]

    def late(self, payments: Iterable[Payment], now_ms: int) -> list[UUID]:
        """Sales whose till waits no longer: `GiveUp` is due. Also when the clock went back before them."""
        return [
            payment.id
            for payment in payments
            if payment.kind == "sale"
            and payment.state == "open"
            and not payment.made <= now_ms < payment.deadline
        ]

    def soonest(self, now_ms: int) -> int:
        """Milliseconds until something that was said may be due again, an hour at most.

        What was due and was not shown to `due` is not waited for.
        """
        ahead = [wait for one in self._said.values() if (wait := one.at + one.wait - now_ms) > 0]
        return min(ahead, default=HOUR)

    def heard(self, id: UUID) -> None:
        """The peer spoke about this leg or proposal: what it is asked next waits the shortest time."""
        said = self._said.get(id.hex)
        if said is not None:
            said.tries, said.wait = 0, min(said.wait, COMPLETER_FIRST)

    def reached(self, peer: str) -> None:
        """The peer answers again after a silence: what was said to it in vain is soon said once more."""
        for said in self._said.values():
            if said.peer == peer and said.tries > 1:
                said.wait = min(said.wait, COMPLETER_FIRST)

    def _of_payment(self, payment: Payment, now: int) -> Iterator[Item]:
        for leg in payment.legs:
            item = b"" if leg.is_final else item_for(payment, leg)
            if not item:
                self._said.pop(leg.id.hex, None)
            elif self._is_due(leg.id.hex, leg.issuer, item, now):
                yield leg.issuer, item

    def _of_clearing(self, clearing: Clearing, now: int) -> Iterator[Item]:
        if clearing.state != "proposed" or not clearing.is_ours:
            self._said.pop(clearing.id.hex, None)
        elif self._is_due(clearing.id.hex, clearing.peer, (clearing.hash, clearing.why), now):
            yield clearing.peer, abort_of(clearing) if clearing.is_called_off else clearing.ask

    def _of_mirror(self, mirror: Mirror, now: int) -> Iterator[Item]:
        """Missing lines at once, and hourly those that nobody spoke of; what is not agreed on yet."""
        name = f"{mirror.issuer} {mirror.asset}"
        if mirror.seen > mirror.seq:
            is_behind = self._is_due(f"lines {name}", mirror.issuer, mirror.seq, now)
        else:
            self._said.pop(f"lines {name}", None)
            is_behind = False
        if is_behind or self._is_time(f"hourly {name}", mirror.issuer, now):
            yield mirror.issuer, statement_for(mirror, now)
        if mirror.agreed >= mirror.seq:
            self._said.pop(f"ack {name}", None)
        elif self._is_due(f"ack {name}", mirror.issuer, mirror.agreed, now, ACK_AFTER):
            yield mirror.issuer, ack_for(mirror, now)

    def _is_due(self, key: str, peer: str, stage: object, now: int, first: int = 0) -> bool:
        """Whether to say `stage` now: `first` after it is new, then later and later."""
        said = self._said.get(key)
        if said is None or said.stage != stage:
            said = self._said[key] = _Said(stage, peer, now, first)
        if not said.is_over(now):
            return False
        said.at, said.tries = now, said.tries + 1
        said.wait = self._later(said.tries)
        return True

    def _is_time(self, key: str, peer: str, now: int) -> bool:
        """Whether an hour went by since the last time, the first one not counted."""
        said = self._said.setdefault(key, _Said(None, peer, now, ACK))
        if not said.is_over(now):
            return False
        said.at = now
        return True

    def _later(self, tries: int) -> int:
        """0.5 s, doubled each time, a quarter more or less, at most a minute."""
        wait = COMPLETER_FIRST << min(tries - 1, _DOUBLINGS)
        return min(int(wait * self._random.uniform(0.75, 1.25)), COMPLETER_LONGEST)

    def _forget(self, now: int) -> None:
        """Rows that nobody shows any more are final. Looked for once an hour."""
        if 0 <= now - self._looked < HOUR:
            return
        self._looked = now
        self._said = {
            key: said for key, said in self._said.items() if now < said.at + said.wait + FORGOTTEN_AFTER
        }
