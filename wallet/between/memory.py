"""Money between nodes without a database: the twin that simulations and model tests run on."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from wallet.between.decide import decide
from wallet.between.desk import Changes, LineKey, MirrorKey, UseKey
from wallet.between.events import AnyEvent, Outcome
from wallet.between.opening import open_desk
from wallet.between.shapes import (
    UNDONE,
    Agreement,
    Alarm,
    Checkpoint,
    Clearing,
    GrantKept,
    Handle,
    KeptAnswer,
    KeptLine,
    Mirror,
    Payment,
)
from wallet.ledger.book import Shelf
from wallet.ledger.memory import Forbidden, MemoryStore


class MemoryDrawers:
    """Drawers in memory, over a ledger in memory. Handles, agreements and grants are put in by hand."""

    def __init__(self, me: str) -> None:
        self.me = me
        self.ledger = MemoryStore()
        self.at_epoch = 1
        self.kept_agreements: dict[tuple[str, str], Agreement] = {}
        self.kept_handles: dict[str, Handle] = {}
        self.kept_answers: dict[UUID, KeptAnswer] = {}
        self.kept_mirrors: dict[MirrorKey, Mirror] = {}
        self.kept_lines: dict[LineKey, KeptLine] = {}
        self.kept_uses: dict[UseKey, int] = {}
        self.kept_payments: dict[UUID, Payment] = {}
        self.kept_grants: dict[UUID, GrantKept] = {}
        self.kept_clearings: dict[UUID, Clearing] = {}
        self.kept_checkpoints: list[Checkpoint] = []
        self.alarms: list[Alarm] = []
        """The first one of each cause and peer: nobody looks at them here."""
        self.waiting: dict[UUID, Payment] = {}
        """Payments that are not final."""
        self._of_leg: dict[UUID, UUID] = {}
        self._numbered: dict[tuple[str, str], dict[int, KeptLine]] = {}

    def submit(self, events: Sequence[AnyEvent], now: datetime) -> list[Outcome]:
        """Decide, and keep what was decided: all or nothing."""
        desk = open_desk(self, self.me, events, now)
        outcomes = decide(desk, events)
        self.keep(desk.changes)
        return outcomes

    def shelf(self) -> Shelf:
        return self.ledger

    def epoch(self) -> int:
        return self.at_epoch

    def agreements(self, peers: Sequence[str]) -> Iterable[Agreement]:
        return [one for (peer, _), one in self.kept_agreements.items() if peer in peers]

    def handles(self, handles: Sequence[str]) -> Iterable[Handle]:
        return [self.kept_handles[one] for one in handles if one in self.kept_handles]

    def answers(self, ids: Sequence[UUID]) -> Iterable[KeptAnswer]:
        return [self.kept_answers[one] for one in ids if one in self.kept_answers]

    def mirrors(self, peers: Sequence[str]) -> Iterable[Mirror]:
        return [one for one in self.kept_mirrors.values() if one.issuer in peers or one.holder in peers]

    def lines(self, peer: str, asset: str, after: int, most: int) -> Iterable[KeptLine]:
        known = self._numbered.get((peer, asset), {})
        return [known[seq] for seq in range(after + 1, after + most + 1) if seq in known]

    def uses(self, keys: Sequence[UseKey]) -> Mapping[UseKey, int]:
        return {key: self.kept_uses[key] for key in keys if key in self.kept_uses}

    def payments(self, ids: Sequence[UUID]) -> Iterable[Payment]:
        return [self.kept_payments[one] for one in ids if one in self.kept_payments]

    def payments_of_legs(self, legs: Sequence[UUID]) -> Iterable[Payment]:
        return self.payments([self._of_leg[leg] for leg in legs if leg in self._of_leg])

    def grants(self, peers: Sequence[str]) -> Iterable[GrantKept]:
        return [one for one in self.kept_grants.values() if one.issuer in peers or one.acceptor in peers]

    def clearings(self, ids: Sequence[UUID]) -> Iterable[Clearing]:
        return [self.kept_clearings[one] for one in ids if one in self.kept_clearings]

    def unfallen(self, peer: str) -> Iterable[Clearing]:
        fallen = {one.line.ref for one in self.kept_lines.values() if one.line.issuer == peer}
        return [
            one
            for one in self.kept_clearings.values()
            if one.peer == peer and one.state != "refused" and str(one.id) not in fallen
        ]

    def contests(self, peer: str, asset: str, epoch: int, seq: int) -> Iterable[Clearing]:
        found = [one for one in self.kept_clearings.values() if one.about and one.edges]
        return [
            one
            for one in found
            if (one.peer, one.edges[0].asset, one.about and (one.about.epoch, one.about.seq))
            == (peer, asset, (epoch, seq))
        ]

    def set_aside(self, currency: UUID, account: UUID) -> int:
        return self.ledger.aside.get(account.hex, 0)

    def may_return(self, peer: str, asset: str) -> int:
        return sum(
            leg.amount
            for payment in self.waiting.values()
            for leg in payment.legs
            if (leg.issuer, leg.asset) == (peer, asset) and leg.state not in UNDONE
        )

    def keep(self, changes: Changes) -> None:
        """Raises wallet.ledger.memory.Forbidden, and keeps nothing, on what the tables would refuse."""
        self._refuse(changes)
        self.ledger.keep(changes.ledger)
        self.kept_answers.update({one.id: one for one in changes.answers})
        self.kept_lines.update({one.key: one for one in changes.lines})
        self.kept_mirrors.update(changes.mirrors)
        self.kept_uses.update(changes.uses)
        self.kept_grants.update(changes.grants)
        self.kept_agreements.update(changes.agreements)
        self.kept_clearings.update(changes.clearings)
        self.kept_payments.update(changes.payments)
        for payment in changes.payments.values():
            self._remember(payment)
        for one in changes.lines:
            peer = one.line.holder if one.line.issuer == self.me else one.line.issuer
            self._numbered.setdefault((peer, one.line.asset), {})[one.line.seq] = one
        self.kept_checkpoints.extend(changes.checkpoints)
        known = {(one.what, one.peer) for one in self.alarms}
        for alarm in changes.alarms:
            if (alarm.what, alarm.peer) not in known:
                known.add((alarm.what, alarm.peer))
                self.alarms.append(alarm)

    def _remember(self, payment: Payment) -> None:
        """What finds it again."""
        self._of_leg.update({leg.id: payment.id for leg in payment.legs})
        if payment.is_final:
            self.waiting.pop(payment.id, None)
        else:
            self.waiting[payment.id] = payment

    def _refuse(self, changes: Changes) -> None:
        """What the keys and guards of the tables refuse."""
        if any(one.id in self.kept_answers for one in changes.answers):
            raise Forbidden("an answer given twice")
        if any(one.key in self.kept_lines for one in changes.lines):
            raise Forbidden("a line kept twice")
        for grant in changes.grants.values():
            if grant.acceptor == self.me and not 0 <= grant.used <= grant.node_max:
                raise Forbidden("a grant beyond its cap")
        for payment in changes.payments.values():
            before = self.kept_payments.get(payment.id)
            if before is not None and before.is_paid and not payment.is_paid:
                raise Forbidden("a till was told yes already")
