"""A network that loses, doubles, delays and swaps envelopes, and is cut one way at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha512
from random import Random
from typing import Final

from wallet.between.envelope import open_envelope, seal
from wallet.between.packing import in_groups
from wallet.between.strict import NotHeard
from wallet.simulation.options import LONGEST_DELAY, Options
from wallet.simulation.shapes import Counts
from wallet.simulation.story import Story, place
from wallet.simulation.timeline import Timeline

QUICK: Final = (4, 60)
Arrive = Callable[[str, str, Sequence[bytes]], None]


@dataclass
class Network:
    """`arrive` is given (sender, receiver, items) of what comes through."""

    options: Options
    timeline: Timeline
    chance: Random
    counts: Counts
    story: Story
    arrive: Arrive
    clock: Callable[[str], int]
    cuts: dict[tuple[str, str], int] = field(default_factory=dict)
    """Until when nothing goes from one to the other."""
    is_healed: bool = False

    def send(self, sender: str, to: str, items: Sequence[bytes]) -> None:
        """Put items on their way, in as few envelopes as the options say."""
        groups = list(in_groups(items)) if self.options.is_grouped else [[one] for one in items]
        for group in groups:
            self.counts.envelopes += 1
            self.counts.items += len(group)
            body = self._sealed(sender, to, group) if self.options.is_sealed else b""
            self._post(sender, to, group, body)
            if not self.is_healed and self.chance.random() < self.options.duplication:
                self.counts.doubled += 1
                self._post(sender, to, group, body)

    def cut(self, sender: str, to: str, until: int) -> None:
        """Nothing goes that way until then."""
        self.cuts[sender, to] = max(until, self.cuts.get((sender, to), 0))
        self.counts.cuts += 1
        self.story.tell(self.timeline.now, f"The line from {place(sender)} to {place(to)} is cut.")

    def heal(self) -> None:
        """Nothing is lost, doubled or late from now on."""
        self.is_healed = True
        self.cuts.clear()

    def _post(self, sender: str, to: str, items: Sequence[bytes], body: bytes) -> None:
        if not self.is_healed and self._is_lost(sender, to):
            self.counts.lost += 1
            return
        self.timeline.after(self._delay(), lambda: self._deliver(sender, to, items, body))

    def _is_lost(self, sender: str, to: str) -> bool:
        if self.cuts.get((sender, to), 0) > self.timeline.now:
            return True
        return self.chance.random() < self.options.loss

    def _delay(self) -> int:
        if not self.is_healed and self.chance.random() < self.options.slow:
            return self.chance.randint(QUICK[1], LONGEST_DELAY)
        return self.chance.randint(*QUICK)

    def _deliver(self, sender: str, to: str, items: Sequence[bytes], body: bytes) -> None:
        if body:
            try:
                items = open_envelope(body, to, self.clock(to), _verify).items
            except NotHeard:  # a clock that is a day off
                self.counts.lost += 1
                return
        self.arrive(sender, to, items)

    def _sealed(self, sender: str, to: str, items: Sequence[bytes]) -> bytes:
        kid = f"{sender}/actor#ledger"
        return seal(items, sender, to, kid=kid, at=self.clock(sender), sign=lambda data: _signed(kid, data))


def _signed(kid: str, data: bytes) -> bytes:
    """As long as a signature, and quick; that nobody can forge it is played, not computed."""
    return sha512(kid.encode() + data).digest()


def _verify(kid: str, data: bytes, signature: bytes) -> bool:
    return signature == _signed(kid, data)
