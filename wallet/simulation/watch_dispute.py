"""I18: what is contested stands aside by both nodes' word, and leaves again by both persons' signatures.

Each side's word is remembered beside the rules: what was heard from the peer, and what people here did.
"""

from collections.abc import Iterator, Sequence
from uuid import UUID

from wallet.between import messages as said
from wallet.between.desk import Changes
from wallet.between.events import AnyEvent, Confirm, Hear, Suggest
from wallet.between.shapes import DISPUTED, Clearing
from wallet.between.times import DISPUTE
from wallet.ledger.shapes import Entry, Receipt
from wallet.simulation.node import Node
from wallet.simulation.shapes import Violation
from wallet.simulation.watch_ledger import LedgerWatch


class DisputeWatch:
    """One node as issuer: every move into and out of what is contested."""

    def __init__(self, node: Node, ledger: LedgerWatch) -> None:
        self._node, self._ledger = node, ledger
        self._ours: set[UUID] = set()
        self._theirs: set[UUID] = set()
        """Ids that a person here proposed or agreed to, and that the peer proposed or signed."""
        self._of: dict[tuple[str, str, int], UUID] = {}
        self._ended: set[UUID] = set()

    def look(self, events: Sequence[AnyEvent], changes: Sequence[Changes]) -> None:
        """Raises Violation."""
        for event in events:
            self._note(event)
        for change in changes:
            for link in change.ledger.links:
                for entry in link.receipt.entries:
                    if entry.op == "transfer":
                        self._move(link.receipt, entry)

    def _note(self, event: AnyEvent) -> None:
        if isinstance(event, Suggest):
            self._ours.add(event.clearing.id)
        elif isinstance(event, Confirm) and event.is_right:
            self._ours.add(event.clearing)
        elif isinstance(event, Hear) and isinstance(event.message, Said):
            self._theirs.add(event.message.id)
            if isinstance(event.message, said.Dispute):
                self._ours.add(event.message.id)  # a node gives its word on the other one's dispute by itself

    def _move(self, receipt: Receipt, entry: Entry) -> None:
        into, out = self._ledger.place(entry.credit), self._ledger.place(entry.debit)
        if into.kind == DISPUTED:
            self._comes_in(UUID(into.owner), entry.amount)
        if out.kind == DISPUTED:
            self._goes_out(UUID(out.owner), receipt, entry.amount)

    def _comes_in(self, key: UUID, amount: int) -> None:
        one = self._node.drawers.kept_clearings[key]
        line = self._line(one)
        if not {key} <= self._ours & self._theirs:
            raise Violation("I18", f"{self._node.me} set {amount} aside for {key} by one word alone")
        if line is None or amount > line.delta or line.delta <= 0:
            raise Violation("I18", f"{self._node.me} set {amount} aside for {key}: more than its line")
        if self._of.setdefault((one.peer, line.asset, line.seq), key) != key:
            raise Violation("I18", f"{self._node.me} set line {line.seq} of {line.asset} aside twice")
        if self._node.ms - line.at > DISPUTE:
            raise Violation("I18", f"{self._node.me} let {key} contest an old line")

    def _goes_out(self, key: UUID, receipt: Receipt, amount: int) -> None:
        ends = [one for one in self._ends(key) if one.state == "signed"]
        if len(ends) != 1 or key in self._ended:
            raise Violation("I18", f"{self._node.me} let {amount} of {key} go, ended {len(ends)} times")
        self._ended.add(key)
        (end,) = ends
        if end.id not in self._ours & self._theirs:
            raise Violation("I18", f"{self._node.me} let {amount} of {key} go by one signature")
        if amount != end.edges[0].amount or receipt.kind != "dispute_over":
            raise Violation(
                "I18", f"{self._node.me} let {amount} of {key} go, {end.edges[0].amount} were signed"
            )

    def _ends(self, dispute: UUID) -> Iterator[Clearing]:
        for one in self._node.drawers.kept_clearings.values():
            if one.kind == "release" and one.about and one.about.refers == dispute:
                yield one

    def _line(self, one: Clearing) -> said.Line | None:
        if one.about is None:
            return None
        (edge,) = one.edges
        key = (edge.debtor, edge.creditor, edge.asset, one.about.epoch, one.about.seq)
        kept = self._node.drawers.kept_lines.get(key)
        return kept.line if kept else None

    def stands(self) -> None:
        """What stands aside in the end is what was contested and not ended. Raises Violation."""
        for account in self._node.drawers.ledger.held.values():
            if account.place.kind == DISPUTED:
                key = UUID(account.place.owner)
                one = self._node.drawers.kept_clearings[key]
                wanted = 0 if key in self._ended or one.state != "signed" else one.edges[0].amount
                if account.balance != wanted:
                    raise Violation("I18", f"{self._node.me} has {account.balance} for {key}, not {wanted}")


Said = said.Dispute | said.DisputeOver | said.Signed
