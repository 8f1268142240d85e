"""People who let debts fall: both ways at once, or because somebody paid at the bank."""

from dataclasses import dataclass
from random import Random
from typing import Final
from uuid import UUID

from wallet.between.events import Confirm, Suggest, Withdraw
from wallet.between.messages import Edge
from wallet.between.shapes import Agreement, Clearing
from wallet.ledger.shapes import NODE, Place
from wallet.simulation.drawing import fresh_id
from wallet.simulation.node import Node
from wallet.simulation.options import MINUTE
from wallet.simulation.shapes import Counts, Village
from wallet.simulation.story import Story, money, place
from wallet.simulation.timeline import Timeline

LOOK: Final = (1_000, 2 * MINUTE)
"""How long a person takes to look at the bank's statement."""

RASH: Final = 4
"""One village in so many has rash accountants."""
CALLED_OFF: Final = 3
"""There, one proposal in so many is taken back by whoever made it, soon after."""


@dataclass
class Debts:
    """Whoever keeps the accounts of each node."""

    village: Village
    nodes: dict[str, Node]
    timeline: Timeline
    chance: Random
    counts: Counts
    story: Story

    def set_off(self) -> None:
        """What two nodes owe each other falls by the smaller of both, or a part of it."""
        pairs = [
            (mine, theirs)
            for mine in self._money()
            for theirs in self._money()
            if (mine.issuer, mine.acceptor) == (theirs.acceptor, theirs.issuer)
            and self._owed(mine) > 0
            and self._owed(theirs) > 0
        ]
        if pairs:
            mine, theirs = self.chance.choice(pairs)
            amount = self._part(min(self._owed(mine), self._owed(theirs)))
            edges = (_edge(mine, amount), _edge(theirs, amount))
            self._suggest(mine.issuer, mine.acceptor, "setoff", edges)

    def settle(self) -> None:
        """A debtor paid at the bank and says so."""
        owing = [one for one in self._money() if self._owed(one) > 0]
        doubtful = [one for one in owing if self._is_in_doubt(one)]
        if owing:
            agreed = self.chance.choice(doubtful if doubtful and self.chance.random() < 0.7 else owing)
            edges = (_edge(agreed, self._part(self._owed(agreed))),)
            self._suggest(agreed.issuer, agreed.acceptor, "settlement", edges)

    def look_at_waiting(self) -> None:
        """Everybody looks at what waits for a person."""
        for node in self.nodes.values():
            for clearing in list(node.drawers.kept_clearings.values()):
                if clearing.state == "waiting" and not clearing.is_ours:
                    self._confirm(node, clearing.id)

    def look_later(self, node: Node, clearing: Clearing) -> None:
        """A proposal came that a person must look at."""
        wait = self.chance.randint(*LOOK)
        self.timeline.after(wait, lambda: self._confirm(node, clearing.id))

    def _confirm(self, node: Node, clearing: UUID) -> None:
        is_right = self.chance.random() < 0.8
        node.put(Confirm(clearing=clearing, is_right=is_right))
        if self.story.is_told:
            what = "received what" if is_right else "did not receive what"
            self.story.tell(self.timeline.now, f"{place(node.me)} {what} proposal {clearing.hex[:6]} says.")

    @property
    def _is_rash(self) -> bool:
        return self.village.currencies[0].asset.id.int % RASH == RASH - 1

    def _withdraw(self, node: Node, clearing: UUID) -> None:
        """Somebody sees that it was a mistake."""
        node.put(Withdraw(clearing=clearing))
        if self.story.is_told:
            self.story.tell(self.timeline.now, f"{place(node.me)} calls proposal {clearing.hex[:6]} off.")

    def _suggest(self, origin: str, peer: str, kind: str, edges: tuple[Edge, ...]) -> None:
        node = self.nodes[origin]
        clearing = Clearing(
            id=fresh_id(self.chance),
            peer=peer,
            kind="setoff" if kind == "setoff" else "settlement",
            edges=edges,
            state="proposed",
            is_ours=True,
            hash="",
            ask=b"",
            made=node.ms,
            reference=f"VIR {self.chance.randint(1, 9_999)}",
        )
        node.put(Suggest(clearing=clearing))
        if self._is_rash and clearing.id.int % CALLED_OFF == 0:
            wait = clearing.id.int // CALLED_OFF % MINUTE
            self.timeline.after(wait, lambda: self._withdraw(node, clearing.id))
        self.counts.clearings += node.is_up
        if self.story.is_told:
            debts = " and ".join(f"{place(one.debtor)}'s {money(one.amount, one.asset)}" for one in edges)
            text = f"{place(origin)} proposes to {place(peer)} that {debts} fall"
            self.story.tell(self.timeline.now, f"{text}: proposal {clearing.id.hex[:6]} ({kind}).")

    def _money(self) -> list[Agreement]:
        natures = {one.wire: one.asset.nature for one in self.village.currencies}
        return [one for one in self.village.agreements if natures[one.asset] == "money"]

    def _is_in_doubt(self, agreed: Agreement) -> bool:
        """Whether the creditor is about to undo something: the hour at which debts should not all fall."""
        waiting = self.nodes[agreed.acceptor].drawers.waiting.values()
        legs = [leg for payment in waiting for leg in payment.legs if leg.asset == agreed.asset]
        return any(leg.state == "undoing" for leg in legs)

    def _owed(self, agreed: Agreement) -> int:
        """What the issuer's own ledger says that it owes."""
        place_of = Place(agreed.currency, NODE, agreed.acceptor)
        account = self.nodes[agreed.issuer].drawers.ledger.held.get(place_of.account_id)
        return account.free if account else 0

    def _part(self, amount: int) -> int:
        return self.chance.choice((amount, amount, max(1, amount // 2), amount + 1))


def _edge(agreed: Agreement, amount: int) -> Edge:
    return Edge(agreed.issuer, agreed.acceptor, agreed.asset, amount)
