"""I15 and the half of I17 that counts: what honest nodes say, listened to on the line.

No node that plays by the rules ever signs two things that contradict each other, nor talks without end.
"""

from collections import Counter
from typing import Final
from uuid import UUID

from wallet.between import messages as words
from wallet.simulation.shapes import Violation
from wallet.simulation.timeline import Timeline

QUICK: Final = 14
"""Repeats that the doubling wait allows in the first minutes, and some for a peer that comes back."""
PER: Final = 20_000
"""Then one in this many milliseconds at most."""
AGAINST: Final = {
    "charge": (), "capture": ("cancel", "release"), "cancel": ("capture", "present", "release"),
    "release": ("capture", "present", "cancel"), "present": ("cancel", "release"), "refund": (),
}  # fmt: skip
Asked = words.Charge | words.Cancel | words.Capture | words.Release | words.Present | words.Refund


class TalkWatch:
    """Everything that was said by nodes that do not lie."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._first: dict[tuple[object, ...], str] = {}
        self._seen: set[tuple[str, str, bytes]] = set()
        self.asked: dict[tuple[str, UUID], set[str]] = {}
        """By (asker, leg): the hashes of what was asked."""
        self.legs: dict[str, dict[UUID, str]] = {}
        """By asker: the legs it charged, and whom it asked."""
        self._times: Counter[tuple[str, str, UUID]] = Counter()
        self._since: dict[tuple[str, str, UUID], tuple[int, int]] = {}

    def said(self, me: str, peer: str, item: bytes, life: int) -> None:
        """Note what `me` says to `peer`, in which of its lives. Raises Violation."""
        message = words.decode(item)
        if isinstance(message, Asked):
            self._count((me, type(message).__name__, message.id), life)
        if (me, peer, item) in self._seen:
            return
        self._seen.add((me, peer, item))
        if isinstance(message, Asked):
            self._question(me, peer, message, item)
        elif isinstance(message, words.Receipt):
            self._receipt(me, peer, message, item)
        elif isinstance(message, words.Lines):
            for raw in message.lines:
                self._line(me, bytes(raw))
        elif isinstance(message, words.Signed | words.NotSigned):
            self._signature(me, peer, message)
        elif isinstance(message, words.Ack):
            self._once((me, "ack", peer, message.asset, message.epoch, message.point.seq), str(message.point))

    def _question(self, me: str, peer: str, message: Asked, item: bytes) -> None:
        verb = type(message).__name__.lower()
        self._once((me, peer, verb, message.id), words.digest(item))
        self.asked.setdefault((me, message.id), set()).add(words.digest(item))
        if verb == "charge":
            self.legs.setdefault(me, {})[message.id] = peer
        for other in AGAINST[verb]:
            if (me, peer, other, message.id) in self._first:
                raise Violation("I15", f"{me} said {other} and {verb} about {message.id}")

    def _receipt(self, me: str, peer: str, message: words.Receipt, item: bytes) -> None:
        if message.outcome not in {"conflict", "recovering"}:
            key = (me, "receipt", peer, message.verb, message.id, message.req)
            self._once(key, words.digest(item))
            self._undone(me, peer, message)
        if message.line:
            self._line(me, bytes(message.line))

    def _undone(self, me: str, peer: str, message: words.Receipt) -> None:
        """What an issuer called undone is never called taken afterwards."""
        key = (me, "state", peer, message.id)
        if message.outcome in {"cancelled", "reversed"} and message.verb in {"cancel", "release"}:
            self._once(key, "undone")
        elif message.verb in {"capture", "present"} and message.outcome == "posted":
            self._once(key, "taken")

    def _line(self, me: str, body: bytes) -> None:
        line = words.decode_line(body)
        if line.issuer == me:
            self._once((me, "line", line.holder, line.asset, line.epoch, line.seq), words.digest(body))

    def _signature(self, me: str, peer: str, message: words.Signed | words.NotSigned) -> None:
        if isinstance(message, words.Signed):
            self._once((me, "clearing", peer, message.id), "yes")
        elif message.why != "conflict":
            self._once((me, "clearing", peer, message.id), "no")

    def _once(self, key: tuple[object, ...], what: str) -> None:
        if self._first.setdefault(key, what) != what:
            raise Violation("I15", f"contradiction: {' '.join(str(part) for part in key)}")

    def _count(self, key: tuple[str, str, UUID], life: int) -> None:
        """I17: sends per payment are bounded by its age; a node that starts again asks everything again."""
        self._times[key] += 1
        since, first = self._since.setdefault(key, (self._timeline.now, life))
        if self._times[key] > QUICK * (1 + life - first) + (self._timeline.now - since) // PER:
            me, verb, leg = key
            raise Violation("I17", f"{me} said {verb} {self._times[key]} times about {leg}")
