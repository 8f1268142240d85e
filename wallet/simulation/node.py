"""One node: its store, inbox, clock, completer. What comes of an event is decided by the rules alone."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Final, Literal, Protocol
from uuid import UUID

from msgspec import MsgspecError

from wallet.between.completer import Completer
from wallet.between.desk import Changes, instant
from wallet.between.events import AnyEvent, GiveUp, Hear, Outcome
from wallet.between.messages import Beat, encode
from wallet.between.shapes import Clearing, Mirror, Payment
from wallet.ledger.requests import AnyRequest
from wallet.ledger.shapes import Transaction
from wallet.simulation.chips import heard
from wallet.simulation.drawing import fresh_id
from wallet.simulation.network import Network
from wallet.simulation.shapes import Violation
from wallet.simulation.store import Drawers
from wallet.simulation.timeline import Timeline

DISK: Final = (1, 12)
"""Milliseconds of a commit."""
SILENCE: Final = 20_000
"""A peer that is heard after so long is back."""
SOONEST: Final = 20
Fate = Literal["", "before", "after"]


class Watcher(Protocol):
    """Who looks at what a node says, keeps and tells."""

    def said(self, node: "Node", peer: str, item: bytes) -> None: ...

    def decided(
        self,
        node: "Node",
        events: Sequence[AnyEvent],
        outcomes: Sequence[Outcome],
        changes: Sequence[Changes],
    ) -> None: ...

    def asked(self, node: "Node", changes: Sequence[Changes]) -> None: ...


@dataclass(eq=False)
class Node:
    """`tell` is called with each payment of a till once it is on the disk."""

    me: str
    drawers: Drawers
    timeline: Timeline
    network: Network
    watcher: Watcher
    chance: Random
    tell: Callable[["Node", Payment], None]
    crashed: Callable[["Node"], None]
    tamper: Callable[[str, Sequence[bytes]], Sequence[bytes]] | None = None
    """What a node that lies says instead."""
    offset: int = 0
    is_up: bool = True
    life: int = 0
    fate: Fate = ""
    """Whether its next commit is its last one for a while, and on which side of the disk."""
    inbox: list[AnyEvent] = field(default_factory=list)
    patient: set[UUID] = field(default_factory=set)
    """Payments whose customer still stands there and may be served under a grant."""
    heard_at: dict[str, int] = field(default_factory=dict)
    completer: Completer = field(init=False)
    _next_tick: int = 0

    def __post_init__(self) -> None:
        self.completer = Completer(self.chance)

    @property
    def ms(self) -> int:
        """What its clock shows, in milliseconds."""
        return self.timeline.now + self.offset

    @property
    def now(self) -> datetime:
        return instant(self.ms)

    def hear(self, peer: str, items: Sequence[bytes]) -> None:
        """What came through from a peer."""
        if not self.is_up:
            return
        if self.timeline.now - self.heard_at.get(peer, 0) > SILENCE:
            self.completer.reached(peer)
        self.heard_at[peer] = self.timeline.now
        for item in items:
            try:
                self.put(heard(peer, item))
            except MsgspecError:  # no message of the protocol: the door refuses it
                continue

    def put(self, event: AnyEvent) -> None:
        """An event for the next commit."""
        if not self.is_up:
            return
        self.inbox.append(event)
        if len(self.inbox) == 1:
            life = self.life
            self.timeline.after(self.chance.randint(*DISK), lambda: self._commit(life))

    def ask(self, requests: Sequence[AnyRequest]) -> list[Transaction | None]:
        """What the ledger alone decides: top-ups, local sales, jobs."""
        try:
            found = self.drawers.ask(requests, self.now)
        except Exception as error:
            raise Violation("I2", f"the ledger of {self.me} broke: {error!r}") from error
        self.watcher.asked(self, self.drawers.take_changes())
        return found

    def _commit(self, life: int) -> None:
        if life != self.life:
            return
        events, self.inbox = self.inbox, []
        fate, self.fate = self.fate, ""
        if fate == "before":
            self.crashed(self)
            return
        try:
            outcomes = self.drawers.submit(events, self.now)
        except Exception as error:
            raise Violation("I2", f"the desk of {self.me} broke: {error!r}") from error
        changes = self.drawers.take_changes()
        self.watcher.decided(self, events, outcomes, changes)
        if fate == "after":
            self.crashed(self)
            return
        self._answer(events, outcomes)
        for change in changes:
            self._go_on(change)

    def _answer(self, events: Sequence[AnyEvent], outcomes: Sequence[Outcome]) -> None:
        answers: dict[str, list[bytes]] = {}
        for event, outcome in zip(events, outcomes, strict=True):
            peer = event.peer if isinstance(event, Hear) else outcome.to
            if peer:
                answers.setdefault(peer, []).extend(outcome.answers)
        for peer, items in answers.items():
            self.say(peer, items)

    def _go_on(self, change: Changes) -> None:
        """Tell the tills, and say what is new at once."""
        for payment in change.payments.values():
            self.tell(self, payment)
        self.tick(change.payments.values())

    def say(self, peer: str, items: Sequence[bytes]) -> None:
        """Put items on their way."""
        for item in items:
            self.watcher.said(self, peer, item)
        if self.tamper is not None:
            items = self.tamper(peer, items)
        if items:
            self.network.send(self.me, peer, items)

    def tick(self, changed: Iterable[Payment] = ()) -> None:
        """Say what is due, give up what is late, and look again when there is something to do."""
        if not self.is_up:
            return
        waiting = list(self.drawers.waiting.values())
        over = [one for one in changed if one.is_final]
        for late in self.completer.late(waiting, self.ms):
            self.put(GiveUp(payment=late, may_be_offline=late in self.patient))
        due: dict[str, list[bytes]] = {}
        for peer, item in self.completer.due([*over, *waiting], self.proposals(), self.mirrors(), self.ms):
            due.setdefault(peer, []).append(item)
        for peer, items in due.items():
            self.say(peer, items)
        self.wake_in(max(SOONEST, self.completer.soonest(self.ms)))

    def wake_in(self, wait: int) -> None:
        """Tick then, unless a sooner tick is planned."""
        at, life = self.timeline.now + wait, self.life
        if self._next_tick > self.timeline.now and self._next_tick <= at:
            return
        self._next_tick = at
        self.timeline.after(wait, lambda: self._tick_at(at, life))

    def _tick_at(self, at: int, life: int) -> None:
        if (at, life) == (self._next_tick, self.life):
            self._next_tick = 0
            self.tick()

    def proposals(self) -> Iterable[Clearing]:
        """Our own that wait for an answer."""
        return [
            one for one in self.drawers.kept_clearings.values() if one.is_ours and one.state == "proposed"
        ]

    def mirrors(self) -> Iterable[Mirror]:
        """How far we know the lines of others."""
        return [one for one in self.drawers.kept_mirrors.values() if one.issuer != self.me]

    def beat(self, peer: str) -> None:
        """Say that we are here; the answer says how far its lines go."""
        if self.is_up:
            heads = Beat(id=fresh_id(self.chance), made=self.ms, version=1, epoch=self.drawers.at_epoch)
            self.say(peer, [encode(heads)])

    def fall(self) -> None:
        """Lose everything that is not on the disk."""
        self.is_up, self.life = False, self.life + 1
        self.inbox, self.fate, self._next_tick = [], "", 0
        self.patient.clear()

    def rise(self) -> None:
        """Start again from the disk alone."""
        self.is_up = True
        self.completer = Completer(self.chance)
        self.heard_at.clear()
        self.tick()
