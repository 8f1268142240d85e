"""I6, I7, I14 and the agreed limits: what an issuer did about each charge, recounted from its ledger."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from uuid import UUID

from wallet.between import messages as said
from wallet.between.events import AnyEvent, Hear, Outcome
from wallet.ledger.shapes import Entry, Receipt
from wallet.simulation.node import Node
from wallet.simulation.shapes import Violation
from wallet.simulation.watch_ledger import LedgerWatch

Asked = said.Charge | said.Cancel | said.Capture | said.Release | said.Present | said.Refund
Leg = tuple[str, UUID]


class IssuerWatch:
    """One issuer. What was asked is remembered by its bytes, what was done by what the ledger moved."""

    def __init__(self, node: Node, ledger: LedgerWatch) -> None:
        self._node, self._ledger = node, ledger
        self._first: dict[tuple[str, str, UUID], tuple[str, bytes]] = {}
        self._questions: dict[Leg, list[tuple[str, str, Asked]]] = defaultdict(list)
        """(verb, hash, message) of each different question about a leg."""
        self._undone: set[Leg] = set()
        self._per_day: Counter[tuple[object, ...]] = Counter()
        self._per_minute: Counter[tuple[object, ...]] = Counter()
        self._reads: dict[tuple[str, str], int] = {}
        self._lent: Counter[tuple[object, ...]] = Counter()

    def look(self, events: Sequence[AnyEvent], outcomes: Sequence[Outcome]) -> None:
        """What was answered, against what was done. Raises Violation."""
        for event, outcome in zip(events, outcomes, strict=True):
            if isinstance(event, Hear) and isinstance(event.message, Asked):
                for answer in outcome.answers:
                    self._answered(event, event.message, answer)

    def _answered(self, heard: Hear, asked: Asked, answer: bytes) -> None:
        receipt = said.decode(answer)
        if not isinstance(receipt, said.Receipt):
            raise Violation("I6", f"{self._node.me} answered {asked.id} with {receipt}")
        if receipt.outcome == "recovering":
            return
        verb, digest = type(asked).__name__.lower(), said.digest(heard.body)
        first = self._first.setdefault((heard.peer, verb, asked.id), (digest, answer))
        if first[0] != digest:
            self._other_content(heard, asked, receipt)
        elif first[1] != answer:
            raise Violation("I6", f"{self._node.me} answered {verb} {asked.id} in two ways")
        elif first[1] is answer and digest not in {
            one for _, one, _ in self._questions[_leg_of(heard.peer, asked)]
        }:
            self._questions[_leg_of(heard.peer, asked)].append((verb, digest, asked))
            self._first_time(heard, asked, receipt)

    def _other_content(self, heard: Hear, asked: Asked, receipt: said.Receipt) -> None:
        if receipt.outcome != "conflict" or receipt.line:
            raise Violation("I7", f"{self._node.me} answered {receipt.outcome} to altered {asked.id}")

    def _first_time(self, heard: Hear, asked: Asked, receipt: said.Receipt) -> None:
        leg = _leg_of(heard.peer, asked)
        taken, held, back = self.taken(leg), self.held(leg), self.given_back(leg)
        if not 0 <= taken <= self._charged(leg):
            raise Violation("I6", f"{self._node.me} took {taken} of {self._charged(leg)} for {leg[1]}")
        if isinstance(asked, said.Cancel | said.Release) and receipt.outcome in {"cancelled", "reversed"}:
            self._undone.add(leg)
        if leg in self._undone and (taken or held):
            raise Violation("I6", f"{self._node.me} called {leg[1]} undone: {taken} taken, {held} held")
        if back > taken and leg not in self._undone:
            raise Violation("I14", f"{self._node.me} gave {back} of {taken} back for {leg[1]}")
        if receipt.verb == type(asked).__name__.lower():  # otherwise it is the charge's own receipt again
            self._fits(heard.peer, asked, receipt, said.digest(heard.body))

    def _fits(self, peer: str, asked: Asked, receipt: said.Receipt, digest: str) -> None:
        """The answer is what the ledger did."""
        moved = self._moved(peer, digest)
        if isinstance(asked, said.Capture) and moved > self._held_first((peer, asked.id)):
            raise Violation("I6", f"{self._node.me} let {moved} be taken of a smaller hold {asked.id}")
        if receipt.outcome == "posted" and not isinstance(asked, said.Cancel | said.Release):
            wanted = asked.amount if isinstance(asked, said.Charge | said.Capture) else receipt.amount
            if abs(moved) != wanted or receipt.amount != wanted:
                text = f"{self._node.me} answered {receipt.amount} and moved {moved}: {asked.id}"
                raise Violation("I6", text)
        if isinstance(asked, said.Charge) and receipt.outcome in {"posted", "held"}:
            self._within_limits(peer, asked, self._ledger.asked[peer, digest])
        if isinstance(asked, said.Present) and receipt.outcome == "posted":
            self._within_grant(peer, asked, self._ledger.asked[peer, digest])

    def _within_limits(self, peer: str, asked: said.Charge, done: Receipt) -> None:
        """What was agreed is what the issuer allows."""
        drawers, at = self._node.drawers, self._node.ms
        agreed, handle = drawers.kept_agreements[peer, asked.asset], drawers.kept_handles[asked.handle]
        day = _count(self._per_day, (peer, asked.asset, asked.handle, f"{done.at:%Y%m%d}"), asked.amount)
        minute = _count(self._per_minute, (peer, asked.asset, at // 60_000), asked.amount)
        owed = done.entries[-1].credit_after + self._ledger.aside_for[done.id]
        owners = {self._ledger.place(entry.debit).owner for entry in done.entries}
        wrong = {
            "per tap": asked.amount > agreed.per_tap,
            "per card and day": day > agreed.per_card_day,
            "per minute": minute > agreed.per_minute,
            "per node": owed > agreed.node_max,
            "epoch": asked.epoch != drawers.at_epoch,
            "term": asked.exp < at,
            "pause": agreed.is_paused,
            "card": handle.status != "active",
            "wallet": owners != {str(handle.wallet)},
            "one use of a tap": self._is_used(asked),
        }
        for name in [name for name, is_wrong in wrong.items() if is_wrong]:
            raise Violation("limits", f"{self._node.me} let {peer} charge beyond {name}: {asked.id}")

    def _is_used(self, asked: said.Charge) -> bool:
        """Whether that read of the chip, or a later one, had moved money of the asset; it has now."""
        card, _dot, rest = asked.sun.partition(".")
        if not card:
            return False
        read = int(rest.partition(".")[0])
        last = self._reads.get((card, asked.asset), -1)
        self._reads[card, asked.asset] = max(read, last)
        return read <= last

    def _within_grant(self, peer: str, asked: said.Present, done: Receipt) -> None:
        """I11: what is lent to the holder of a card stays within the grant."""
        lent = sum(one.amount for one in done.entries if self._ledger.place(one.debit).kind == "receivable")
        grant = self._node.drawers.kept_grants.get(asked.grant)
        if grant is not None and grant.revoked and asked.id not in (grant.closed or ()):
            raise Violation("I11", f"{self._node.me} honoured {asked.id} after its grant {grant.id} was over")
        if not lent:
            return
        if grant is None or (grant.acceptor, grant.bearer) != (peer, "issuer") or lent > grant.per_tap:
            raise Violation("I11", f"{self._node.me} lent {lent} for {asked.id} beyond what it granted")
        if not grant.since <= asked.taken < grant.until:
            raise Violation("I11", f"{self._node.me} lent {lent} for {asked.id} outside the grant's time")
        whole = _count(self._lent, (grant.id,), lent)
        by_card = _count(self._lent, (grant.id, asked.handle), lent)
        if whole > grant.node_max or by_card > grant.per_card:
            raise Violation("I11", f"{self._node.me} lent {whole} in all, {by_card} to one card: {grant.id}")

    def taken(self, leg: Leg) -> int:
        """What this node owes for a leg, refunds left aside."""
        asked = self._questions.get(leg, ())
        return sum(self._moved(leg[0], digest) for verb, digest, _ in asked if verb != "refund")

    def given_back(self, leg: Leg) -> int:
        """The refunds of a leg."""
        asked = self._questions.get(leg, ())
        return -sum(self._moved(leg[0], digest) for verb, digest, _ in asked if verb == "refund")

    def refunded(self, peer: str, refund: UUID) -> int:
        """What one refund brought back."""
        first = self._first.get((peer, "refund", refund))
        return -self._moved(peer, first[0]) if first else 0

    def held(self, leg: Leg) -> int:
        """What is set aside for a leg now."""
        digest = self._first.get((leg[0], "charge", leg[1]), ("",))[0]
        receipt = self._ledger.asked.get((leg[0], digest))
        is_open = receipt is not None and self._ledger.is_open(receipt.id)
        return receipt.amount if receipt is not None and is_open else 0

    def legs_of(self, peer: str) -> list[UUID]:
        """Every leg that a peer asked about."""
        return [asked for who, asked in self._questions if who == peer]

    def _held_first(self, leg: Leg) -> int:
        digest = self._first.get((leg[0], "charge", leg[1]), ("",))[0]
        receipt = self._ledger.asked.get((leg[0], digest))
        return receipt.amount if receipt is not None and receipt.verdict == "held" else 0

    def _charged(self, leg: Leg) -> int:
        """The most that may be taken for a leg: what was first asked."""
        amounts = [
            asked.amount
            for _, _, asked in self._questions[leg]
            if isinstance(asked, said.Charge | said.Present)
        ]
        return max(amounts, default=0)

    def _moved(self, peer: str, digest: str) -> int:
        """What one question changed of what this node owes the peer."""
        receipt = self._ledger.asked.get((peer, digest))
        if receipt is None:
            return 0
        return sum(self._owed_by(entry, peer) for entry in receipt.entries if entry.op == "transfer")

    def _owed_by(self, entry: Entry, peer: str) -> int:
        credit, debit = self._ledger.place(entry.credit), self._ledger.place(entry.debit)
        if (credit.kind, credit.owner) == ("node", peer):
            return entry.amount
        return -entry.amount if (debit.kind, debit.owner) == ("node", peer) else 0


def _leg_of(peer: str, asked: Asked) -> Leg:
    return peer, asked.charge if isinstance(asked, said.Refund) else asked.id


def _count(counter: Counter[tuple[object, ...]], key: tuple[object, ...], amount: int) -> int:
    counter[key] += amount
    return counter[key]
