"""I9: what one node says it owes is what the other one has written down, line by line, at every moment."""

import hashlib
from collections.abc import Callable

from wallet.between.desk import Changes
from wallet.between.shapes import Checkpoint, KeptLine, Mirror
from wallet.ledger.shapes import Place
from wallet.simulation.node import Node
from wallet.simulation.shapes import Violation
from wallet.simulation.watch_ledger import LedgerWatch

Key = tuple[str, str, str]


class MirrorWatch:
    """The lines of one node, of both kinds: those it writes, and those it keeps of others."""

    def __init__(
        self, node: Node, ledger: LedgerWatch, other: Callable[[str], Node], is_honest: Callable[[str], bool]
    ) -> None:
        self._node, self._ledger, self._other, self._is_honest = node, ledger, other, is_honest
        self._heads: dict[Key, tuple[int, str, int]] = {}

    def look(self, changes: Changes) -> None:
        """Follow new lines, mirrors and checkpoints. Raises Violation."""
        for line in changes.lines:
            if line.line.issuer == self._node.me:
                self._written(line)
            elif self._is_honest(line.line.issuer):
                self._heard(line)
        for mirror in changes.mirrors.values():
            self._compare(mirror)
        for checkpoint in changes.checkpoints:
            self._agreed(checkpoint)

    def _written(self, kept: KeptLine) -> None:
        line = kept.line
        key = (line.issuer, line.holder, line.asset)
        seq, prev, balance = self._heads.get(key, (0, "0" * 64, 0))
        if (line.seq, line.prev, line.balance) != (seq + 1, prev, balance + line.delta):
            raise Violation("I9", f"line {line.seq} of {line.asset} for {line.holder} does not follow")
        self._heads[key] = (line.seq, hashlib.sha256(kept.body).hexdigest(), line.balance)

    def _heard(self, kept: KeptLine) -> None:
        theirs = self._other(kept.line.issuer).drawers.kept_lines.get(kept.key)
        if theirs is None or theirs.body != kept.body:
            raise Violation("I9", f"{self._node.me} keeps another line {kept.line.seq} of {kept.line.asset}")

    def _compare(self, mirror: Mirror) -> None:
        """The head is that of the lines, and our books show the same balance."""
        if mirror.issuer == self._node.me:
            head, owner, sign = self._heads.get(mirror.key, (0, "0" * 64, 0)), mirror.holder, 1
            place = Place(mirror.currency, "node", owner)
        else:
            head, sign = self._known(mirror), -1
            place = Place(mirror.currency, "bank", mirror.issuer)
        if (mirror.seq, mirror.hash, mirror.balance) != head:
            raise Violation("I9", f"the mirror of {mirror.asset} at {self._node.me} is at {mirror.seq}")
        owed = self._ledger.owed(place.account_id)
        if owed != sign * mirror.balance:
            text = f"{self._node.me} has {owed} in its books, {mirror.balance} in its lines of {mirror.asset}"
            raise Violation("I9", text)

    def _known(self, mirror: Mirror) -> tuple[int, str, int]:
        """Where the lines without a gap end, by our own lines."""
        if not mirror.seq:
            return 0, "0" * 64, 0
        key = (*mirror.key, mirror.epoch, mirror.seq)
        kept = self._node.drawers.kept_lines.get(key)
        if kept is None:
            raise Violation("I9", f"the mirror of {mirror.asset} at {self._node.me} goes beyond its lines")
        return mirror.seq, hashlib.sha256(kept.body).hexdigest(), kept.line.balance

    def _agreed(self, point: Checkpoint) -> None:
        """What both signed is the same prefix on both sides."""
        if not (self._is_honest(point.issuer) and self._is_honest(point.holder)):
            return
        key = (point.issuer, point.holder, point.asset, point.epoch, point.point.seq)
        ours = self._other(point.issuer).drawers.kept_lines.get(key)
        theirs = self._other(point.holder).drawers.kept_lines.get(key)
        if ours is None or theirs is None or ours.body != theirs.body or ours.hash != point.point.hash:
            raise Violation(
                "I9", f"a checkpoint of {point.asset} at {point.point.seq} that both did not sign"
            )
