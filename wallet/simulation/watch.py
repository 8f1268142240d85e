"""Everybody who watches, together: called after each step of each node."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from wallet.between.desk import Changes
from wallet.between.events import AnyEvent, Outcome
from wallet.between.shapes import Clearing
from wallet.simulation.node import Node
from wallet.simulation.shapes import Counts, Village, Violation
from wallet.simulation.timeline import Timeline
from wallet.simulation.watch_acceptor import AcceptorWatch
from wallet.simulation.watch_dispute import DisputeWatch
from wallet.simulation.watch_issuer import IssuerWatch
from wallet.simulation.watch_ledger import LedgerWatch
from wallet.simulation.watch_mirror import MirrorWatch
from wallet.simulation.watch_talk import TalkWatch

NO_FAULT: Final = frozenset({"short"})
"""Alarms that honest nodes may raise about each other: an offline payment that nobody covers."""
OFTEN: Final = 400
"""Commits between two looks at every account."""


@dataclass
class Watches:
    """What looks at one node."""

    ledger: LedgerWatch
    issuer: IssuerWatch
    acceptor: AcceptorWatch
    mirror: MirrorWatch
    dispute: DisputeWatch


@dataclass
class Watch:
    """`saw_waiting` is called with proposals that a person must look at."""

    village: Village
    timeline: Timeline
    counts: Counts
    saw_waiting: Callable[[Node, Clearing], None]
    nodes: dict[str, Node] = field(default_factory=dict)
    of: dict[str, Watches] = field(default_factory=dict)
    talk: TalkWatch = field(init=False)

    def __post_init__(self) -> None:
        self.talk = TalkWatch(self.timeline)

    def add(self, node: Node) -> None:
        """Watch one more node."""
        ledger = LedgerWatch(node.me, node.drawers.ledger)
        self.nodes[node.me] = node
        self.of[node.me] = Watches(
            ledger=ledger,
            issuer=IssuerWatch(node, ledger),
            acceptor=AcceptorWatch(node, self.talk),
            mirror=MirrorWatch(node, ledger, self.nodes.__getitem__, self.is_honest),
            dispute=DisputeWatch(node, ledger),
        )

    def is_honest(self, origin: str) -> bool:
        return origin != self.village.liar

    def said(self, node: Node, peer: str, item: bytes) -> None:
        """Raises Violation."""
        if self.is_honest(node.me):
            self.talk.said(node.me, peer, item, node.life)

    def asked(self, node: Node, changes: Sequence[Changes]) -> None:
        """What the ledger alone decided. Raises Violation."""
        for change in changes:
            self.of[node.me].ledger.look(change.ledger.links)
        self._count()

    def decided(
        self, node: Node, events: Sequence[AnyEvent], outcomes: Sequence[Outcome], changes: Sequence[Changes]
    ) -> None:
        """Raises Violation."""
        for clearing in [one for change in changes for one in change.clearings.values()]:
            if clearing.state == "waiting":
                self.saw_waiting(node, clearing)
        if not self.is_honest(node.me):
            for change in changes:
                self.of[node.me].ledger.look(change.ledger.links)
            return
        watches = self.of[node.me]
        for change in changes:
            watches.ledger.look(change.ledger.links)
            watches.mirror.look(change)
            watches.acceptor.look(events, change)
            self._refuse_alarms(node, change)
        watches.issuer.look(events, outcomes)
        watches.dispute.look(events, changes)
        self._count()

    def _refuse_alarms(self, node: Node, change: Changes) -> None:
        """I15: no honest node has a reason to accuse another one."""
        for alarm in change.alarms:
            if alarm.what not in NO_FAULT and self.is_honest(alarm.peer):
                text = f"{node.me} raises {alarm.what} about {alarm.peer}: {alarm.where}"
                raise Violation("I15", text)

    def _count(self) -> None:
        self.counts.commits += 1
        self.counts.checks += 1
        if self.counts.commits % OFTEN == 0:
            self.look_at_all()

    def look_at_all(self) -> None:
        """Every account of every node. Raises Violation."""
        for watches in self.of.values():
            watches.ledger.look_at_all()
