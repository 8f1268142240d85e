"""What must be true once the faults have stopped and five minutes went by: promises to people are kept."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from wallet.between.events import follow_up
from wallet.between.shapes import Agreement, Clearing, Leg, Payment
from wallet.ledger.shapes import Place
from wallet.simulation.node import Node
from wallet.simulation.shapes import Violation
from wallet.simulation.tills import Tills
from wallet.simulation.watch import Watch


@dataclass
class Ending:
    """The last look. Each method raises Violation."""

    watch: Watch
    tills: Tills

    def look(self) -> None:
        """Everything."""
        self.watch.look_at_all()
        honest = [node for node in self.watch.nodes.values() if self.watch.is_honest(node.me)]
        for node in honest:
            self._all_final(node)
            self._promises(node)
            self._orphans(node)
            self._holds(node)
            self._lent(node)
            self.watch.of[node.me].dispute.stands()
            for clearing in node.drawers.kept_clearings.values():
                self._cleared(node, clearing)
        for agreed in self.watch.village.agreements:
            if self.watch.is_honest(agreed.issuer) and self.watch.is_honest(agreed.acceptor):
                self._agree(agreed)

    def _all_final(self, node: Node) -> None:
        """I17, but for what a liar leaves without an answer."""
        for payment in node.drawers.waiting.values():
            legs = [leg for leg in payment.legs if self.watch.is_honest(leg.issuer)]
            if (
                payment.state == "open"
                or any(not leg.is_final for leg in legs)
                or len(legs) == len(payment.legs)
            ):
                states = [leg.state for leg in payment.legs]
                raise Violation("I17", f"payment {payment.id} of {node.me} is {payment.state}: {states}")

    def _promises(self, node: Node) -> None:
        """I8: what the till was told is what was posted, at each issuer and here."""
        for payment in node.drawers.kept_payments.values():
            sale = self.tills.sales.get(payment.id)
            told = sale.told if sale else "failed"
            if not told:
                raise Violation("I8", f"the till of {node.me} was never told about {payment.id}")
            if payment.kind == "refund":
                self._refund(node, payment, told)
                continue
            for leg in payment.legs:
                if self.watch.is_honest(leg.issuer):
                    self._leg(node, payment, leg, told)
            self._local(node, payment, told)

    def _leg(self, node: Node, payment: Payment, leg: Leg, told: str) -> None:
        taken = self.watch.of[leg.issuer].issuer.taken((node.me, leg.id))
        loss = self._loss(node, leg)
        wanted = leg.amount - loss if told == "ok" else 0
        if taken != wanted or (loss and told != "ok"):
            text = f"{told} was told, {taken} of {leg.amount} posted, {loss} lost"
            raise Violation("I8", f"{text}: leg {leg.id} of {payment.id} at {leg.issuer}")
        if loss and leg.grant is None and not leg.was_held:
            raise Violation("I11", f"{node.me} lost {loss} without a grant: {leg.id}")

    def _loss(self, node: Node, leg: Leg) -> int:
        receipt = self.watch.of[node.me].ledger.receipts.get(follow_up(leg.id, "loss"))
        return receipt.amount if receipt and receipt.verdict == "posted" else 0

    def _refund(self, node: Node, payment: Payment, told: str) -> None:
        (leg,) = payment.legs
        if self.watch.is_honest(leg.issuer):
            back = self.watch.of[leg.issuer].issuer.refunded(node.me, leg.id)
            if back != (leg.amount if told == "ok" else 0):
                raise Violation("I14", f"{told} was told, {back} of {leg.amount} given back: {payment.id}")

    def _local(self, node: Node, payment: Payment, told: str) -> None:
        if payment.local is None:
            return
        ledger = self.watch.of[node.me].ledger
        taken = sum(
            entry.amount
            for receipt in ledger.receipts.values()
            if receipt.refers == payment.local
            for entry in receipt.entries
            if entry.op == "transfer"
        )
        if taken != (payment.local_amount if told == "ok" else 0) or ledger.is_open(payment.local):
            raise Violation(
                "I8", f"{told} was told, {taken} of {payment.local_amount} taken here: {payment.id}"
            )

    def _orphans(self, node: Node) -> None:
        """I8: nothing was ever asked, or posted, for a payment that nobody remembers."""
        known = {leg.id for payment in node.drawers.kept_payments.values() for leg in payment.legs}
        for leg, issuer in self._asked(node):
            if leg not in known and self.watch.of[issuer].issuer.taken((node.me, leg)):
                raise Violation("I8", f"{issuer} posted {leg}, which {node.me} does not know")

    def _asked(self, node: Node) -> Iterator[tuple[UUID, str]]:
        for issuer, watches in self.watch.of.items():
            if self.watch.is_honest(issuer):
                yield from ((leg, issuer) for leg in watches.issuer.legs_of(node.me))

    def _holds(self, node: Node) -> None:
        """I10: nothing stays set aside, but for a liar who said nothing more."""
        for receipt in self.watch.of[node.me].ledger.open_holds:
            takers = {self.watch.of[node.me].ledger.place(entry.credit) for entry in receipt.entries}
            owners = {place.owner for place in takers} | {receipt.memo.place}
            if self.watch.village.liar not in owners or not self.watch.village.liar:
                raise Violation("I10", f"{receipt.amount} still set aside at {node.me}: {receipt.id}")

    def _lent(self, node: Node) -> None:
        """I11: what holders owe is within what was granted."""
        owed = -sum(
            account.balance
            for account in node.drawers.ledger.held.values()
            if account.place.kind == "receivable"
        )
        caps = sum(grant.node_max for grant in self.watch.village.grants if grant.issuer == node.me)
        if owed > caps:
            raise Violation("I11", f"{node.me} lent {owed}, granted {caps}")

    def _agree(self, agreed: Agreement) -> None:
        """I9: the same lines to the last one, and the same number in both books."""
        key = (agreed.issuer, agreed.acceptor, agreed.asset)
        issuer, holder = self.watch.nodes[agreed.issuer], self.watch.nodes[agreed.acceptor]
        theirs, ours = issuer.drawers.kept_mirrors.get(key), holder.drawers.kept_mirrors.get(key)
        end = theirs.point if theirs else None
        if theirs and theirs.seq and (ours is None or ours.point != end or ours.seen > ours.seq):
            at = ours.seq if ours else 0
            raise Violation("I9", f"{holder.me} knows {at} of {theirs.seq} lines of {agreed.asset}")
        vostro = self.watch.of[issuer.me].ledger.owed(Place(agreed.currency, "node", holder.me).account_id)
        nostro = self.watch.of[holder.me].ledger.owed(Place(agreed.currency, "bank", issuer.me).account_id)
        if vostro != -nostro:
            raise Violation("I9", f"{agreed.asset}: {issuer.me} owes {vostro}, {holder.me} books {-nostro}")

    def _cleared(self, node: Node, clearing: Clearing) -> None:
        """I16: signed by both and fallen on both sides, or by neither and on none."""
        if not clearing.is_ours or not self.watch.is_honest(clearing.peer):
            return
        if clearing.state not in {"signed", "refused"}:
            raise Violation("I17", f"proposal {clearing.id} of {node.me} is {clearing.state}")
        theirs = self.watch.nodes[clearing.peer].drawers.kept_clearings.get(clearing.id)
        if theirs is None or theirs.state != clearing.state:
            state = theirs.state if theirs else "unknown"
            raise Violation(
                "I16", f"proposal {clearing.id}: {clearing.state} here, {state} at {clearing.peer}"
            )
        for edge in clearing.edges:
            lines = self.watch.nodes[edge.debtor].drawers.kept_lines.values()
            fell = -sum(
                one.line.delta
                for one in lines
                if one.line.ref == str(clearing.id) and one.line.issuer == edge.debtor
            )
            if clearing.kind == "release":
                self._ended(clearing, -fell)
            elif fell != (edge.amount if clearing.state == "signed" else 0):
                text = f"{fell} of {edge.amount} fell at {edge.debtor}, {clearing.state}"
                raise Violation("I16", f"proposal {clearing.id}: {text}")

    def _ended(self, release: Clearing, rose: int) -> None:
        """I18: it all returned to the holder; less what went back to whoever paid, if both signed that."""
        amount = release.edges[0].amount
        to = release.about.to if release.about else ""
        most = amount if release.state == "signed" else 0
        if not (most if to == "holder" else 0) <= rose <= most:
            raise Violation("I18", f"{rose} of {amount} returned by {release.id}, {release.state}, to {to}")
