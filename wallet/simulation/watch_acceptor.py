"""I6, I8 and I11 at the acceptor: what becomes of each payment, what it believes, what it risks."""

from collections import Counter
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from wallet.between import messages as said
from wallet.between.desk import Changes
from wallet.between.events import AnyEvent, Hear
from wallet.between.shapes import GrantKept, Leg, Payment
from wallet.simulation.node import Node
from wallet.simulation.shapes import Violation
from wallet.simulation.watch_talk import TalkWatch

FROM: Final = {
    "": {"open", "undo", "commit", "ok", "failed"},
    "open": {"open", "undo", "commit", "offline", "ok", "failed"},
    "undo": {"undo", "failed"},
    "commit": {"commit", "ok"},
    "offline": {"offline", "ok"},
    "ok": {"ok"},
    "failed": {"failed"},
}
"""Which states of a payment follow which (ledger.md, 3.4)."""
LEG_FROM: Final = {
    "intent": {"held", "posted", "declined", "offline_due", "undoing", "cancelled"},
    "held": {"captured", "undoing"},
    "posted": {"undoing"},
    "undoing": {"cancelled", "reversed", "declined", "posted"},
    "offline_due": {"posted", "presented"},
    "declined": set(), "captured": set(), "cancelled": set(), "reversed": set(), "presented": set(),
}  # fmt: skip
SHOWN: Final = {
    "held": {"held"}, "posted": {"posted"}, "captured": {"posted", "declined", "cancelled"},
    "presented": {"posted", "declined", "cancelled"}, "declined": {"declined"},
    "cancelled": {"cancelled"}, "reversed": {"reversed"},
}  # fmt: skip
"""Which answers let a leg be in that state."""


class AcceptorWatch:
    """One node as acceptor."""

    def __init__(self, node: Node, talk: TalkWatch) -> None:
        self._node, self._talk = node, talk
        self._rows: dict[UUID, Payment] = {}
        self._answers: dict[UUID, list[said.Receipt]] = {}
        """By leg: every answer that was heard from its issuer."""

    def look(self, events: Sequence[AnyEvent], changes: Changes) -> None:
        """What was heard and what was kept of it. Raises Violation."""
        for event in events:
            if isinstance(event, Hear) and isinstance(event.message, said.Receipt):
                self._answers.setdefault(event.message.id, []).append(event.message)
        for payment in changes.payments.values():
            self._follow(self._rows.get(payment.id), payment)
            self._rows[payment.id] = payment
        if changes.grants or changes.payments:
            for grant in self._node.drawers.kept_grants.values():
                if grant.acceptor == self._node.me:
                    self._within(grant)

    def _follow(self, before: Payment | None, after: Payment) -> None:
        if after.state not in FROM[before.state if before else ""]:
            was = before.state if before else "nothing"
            raise Violation("I6", f"payment {after.id} of {self._node.me}: {was}, then {after.state}")
        if before is not None and [leg.id for leg in before.legs] != [leg.id for leg in after.legs]:
            raise Violation("I6", f"payment {after.id} of {self._node.me} has other legs")
        old = {leg.id: leg for leg in before.legs} if before else {}
        for leg in after.legs:
            self._follow_leg(old.get(leg.id), leg)

    def _follow_leg(self, before: Leg | None, leg: Leg) -> None:
        if before is None or before.state == leg.state:
            return
        if leg.state not in LEG_FROM[before.state]:
            raise Violation("I6", f"leg {leg.id} of {self._node.me}: {before.state}, then {leg.state}")
        if leg.state in SHOWN:
            self._believed(leg)

    def _believed(self, leg: Leg) -> None:
        """A state rests on an answer to a question that was asked, about the amount that was asked."""
        asked = self._talk.asked.get((self._node.me, leg.id), set())
        for answer in self._answers.get(leg.id, ()):
            if answer.req in asked and answer.outcome in SHOWN[leg.state] and self._fits(leg, answer):
                return
        raise Violation(
            "belief", f"{self._node.me} holds leg {leg.id} for {leg.state} without an answer that says so"
        )

    def _fits(self, leg: Leg, answer: said.Receipt) -> bool:
        if answer.verb in {"cancel", "release"} or answer.outcome in {"declined", "cancelled"}:
            return True
        if answer.verb == "present":
            return answer.amount <= leg.amount
        return answer.amount == leg.amount

    def _within(self, grant: GrantKept) -> None:
        """I11: the counter is the sum of what waits, and neither is above the caps."""
        cards: Counter[str] = Counter()
        for payment in self._node.drawers.waiting.values():
            for leg in payment.legs:
                if payment.state == "offline" and leg.grant == grant.id:
                    cards[leg.handle] += leg.amount
        waits = sum(cards.values())
        if waits != grant.used or waits > grant.node_max or max(cards.values(), default=0) > grant.per_card:
            raise Violation("I11", f"{self._node.me} risks {waits}, counts {grant.used}: grant {grant.id}")
