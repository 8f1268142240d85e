"""Tills: what they asked, what they were told, and what they do when nobody tells them anything."""

from dataclasses import dataclass, field
from random import Random
from typing import Final
from uuid import UUID

from msgspec import Struct

from wallet.between.events import Begin
from wallet.between.shapes import Payment
from wallet.simulation.node import Node
from wallet.simulation.shapes import Counts, Violation
from wallet.simulation.story import Story, place
from wallet.simulation.timeline import Timeline

GRACE: Final = 5
"""Milliseconds after the deadline at which a till's node looks at it."""


class Sale(Struct):
    """What a till asked for. `told` is what its cashier was told, for ever: "ok", "failed", or "" so far."""

    begin: Begin
    node: str
    who: str
    told: str = ""

    @property
    def payment(self) -> Payment:
        return self.begin.payment


@dataclass
class Tills:
    """Every sale and refund of every till."""

    timeline: Timeline
    chance: Random
    counts: Counts
    story: Story
    sales: dict[UUID, Sale] = field(default_factory=dict)
    paid: dict[str, list[UUID]] = field(default_factory=dict)
    """By node: what may be given back."""

    def begin(self, node: Node, begin: Begin, who: str) -> None:
        """A till asks; it knows its own id whatever happens."""
        payment = begin.payment
        self.sales[payment.id] = Sale(begin, node.me, who)
        self.counts.payments += 1
        if node.is_up:
            self._put(node, begin)
        elif self.chance.random() < 0.5:
            self.sales[payment.id].told = "failed"  # the till cannot reach its node: no sale

    def _put(self, node: Node, begin: Begin) -> None:
        payment = begin.payment
        node.put(begin)
        if self.chance.random() < 0.8:
            node.patient.add(payment.id)
        life = node.life
        wait = max(0, payment.deadline - node.ms) + GRACE
        self.timeline.after(wait, lambda: node.tick() if node.life == life else None)

    def again(self, node: Node, begin: Begin) -> None:
        """The same sale, asked once more; not when the till knows that it never began."""
        payment = begin.payment
        if not self.sales[payment.id].told or payment.id in node.drawers.kept_payments:
            node.put(begin)

    def tell(self, node: Node, payment: Payment) -> None:
        """What the node has written about a payment reaches the till. Raises Violation."""
        sale = self.sales.get(payment.id)
        if sale is None or sale.node != node.me:
            return
        verdict = "ok" if payment.is_paid else "failed" if payment.state in {"undo", "failed"} else ""
        if not verdict or sale.told == verdict:
            return
        if sale.told:
            raise Violation("I8", f"the till of {node.me} was told {sale.told}, then {verdict}: {payment.id}")
        sale.told = verdict
        self._note(node, payment, verdict)

    def _note(self, node: Node, payment: Payment, verdict: str) -> None:
        if verdict == "ok" and payment.kind == "sale":
            self.counts.paid += 1
            self.counts.offline += payment.state == "offline"
            self.paid.setdefault(node.me, []).append(payment.id)
        elif verdict == "ok":
            self.counts.refunds += 1
        if self.story.is_told:
            how = " under a grant" if payment.state == "offline" else ""
            why = f": {payment.why}" if verdict == "failed" and payment.why else ""
            what = "refund" if payment.kind == "refund" else "sale"
            answer = "yes" if verdict == "ok" else "no"
            text = f"The till of {place(node.me)} is told {answer}{how} for {what} {short(payment.id)}{why}."
            self.story.tell(self.timeline.now, text)

    def look_again(self, node: Node) -> None:
        """The node is back: each till asks for what it was not told; what never began may begin now."""
        for sale in list(self.sales.values()):
            if sale.node != node.me or sale.told:
                continue
            known = node.drawers.kept_payments.get(sale.payment.id)
            if known is not None:
                self.tell(node, known)
            elif any(isinstance(one, Begin) and one.payment.id == sale.payment.id for one in node.inbox):
                continue  # asked again already, and not decided yet
            elif self.chance.random() < 0.5:
                self._put(node, sale.begin)
            else:
                sale.told = "failed"

    def abandon(self, nodes: dict[str, Node]) -> None:
        """At the end of the evening, what never began is no sale."""
        for sale in self.sales.values():
            if not sale.told and sale.payment.id not in nodes[sale.node].drawers.kept_payments:
                sale.told = "failed"


def short(id: UUID) -> str:
    """Enough of an id to follow it through a story."""
    return id.hex[:6]
