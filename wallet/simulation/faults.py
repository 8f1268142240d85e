"""What breaks: machines stop before or after a commit, lines are cut one way, clocks jump, a night passes."""

from dataclasses import dataclass
from random import Random
from typing import Final

from wallet.simulation.network import Network
from wallet.simulation.node import Fate, Node
from wallet.simulation.options import HOUR, MINUTE, SECOND, Options
from wallet.simulation.shapes import Counts
from wallet.simulation.story import Story, place
from wallet.simulation.tills import Tills
from wallet.simulation.timeline import Timeline

NIGHT: Final = 25 * HOUR
SLIPS: Final = (-HOUR, -2 * MINUTE, -5 * SECOND, 5 * SECOND, 2 * MINUTE, HOUR)


@dataclass
class Faults:
    """Everything that goes wrong, when and how the seed says."""

    options: Options
    nodes: dict[str, Node]
    network: Network
    tills: Tills
    timeline: Timeline
    chance: Random
    counts: Counts
    story: Story

    def plan(self, lasting: int) -> None:
        """Spread the faults over the next `lasting` milliseconds."""
        for act, times in (
            (self.stop, self.options.crashes),
            (self.cut, self.options.cuts),
            (self.jump, self.options.jumps),
        ):
            for _ in range(times):
                self.timeline.after(self.chance.randint(0, lasting), act)

    def stop(self) -> None:
        """A node stops at once, or just before or after its next commit."""
        node = self._node()
        fates: tuple[Fate, ...] = ("", "before", "after", "after")
        node.fate = self.chance.choice(fates)
        if not node.fate and node.is_up:
            self.fall(node)

    def fall(self, node: Node) -> None:
        """It loses what is not on its disk, and comes back."""
        self.fall_for(
            node, self.chance.choice((self.chance.randint(50, 3_000), self.chance.randint(0, 90_000)))
        )

    def fall_for(self, node: Node, lasting: int) -> None:
        node.fall()
        self.counts.crashes += 1
        self.story.tell(self.timeline.now, f"{place(node.me)} stops, for {lasting / 1000:.0f} s.")
        life = node.life
        self.timeline.after(lasting, lambda: self._rise(node, life))

    def _rise(self, node: Node, life: int) -> None:
        if node.life == life and not node.is_up:
            self.story.tell(self.timeline.now, f"{place(node.me)} is back.")
            node.rise()
            self.tills.look_again(node)

    def cut(self) -> None:
        """One line, one way; or a node from everybody."""
        node, lasting = self._node(), self.chance.randint(2 * SECOND, 4 * MINUTE)
        self._cut_off(node, self.timeline.now + lasting, is_whole=self.chance.random() < 0.3)

    def _cut_off(self, node: Node, until: int, *, is_whole: bool) -> None:
        others = [one for one in self.nodes if one != node.me]
        for other in others if is_whole else [self.chance.choice(others)]:
            if is_whole or self.chance.random() < 0.5:
                self.network.cut(node.me, other, until)
            if is_whole or self.chance.random() < 0.7:
                self.network.cut(other, node.me, until)

    def jump(self) -> None:
        """A clock is set, forwards or backwards."""
        node = self._node()
        slip = self.chance.choice(SLIPS)
        node.offset += slip
        self.counts.jumps += 1
        self.story.tell(self.timeline.now, f"The clock of {place(node.me)} jumps by {slip / 1000:.0f} s.")

    def night(self) -> None:
        """A day goes by; one node sleeps through it, or hears nobody."""
        node = self._node()
        self.story.tell(self.timeline.now, f"Night falls; {place(node.me)} is away until tomorrow.")
        if self.chance.random() < 0.5 and node.is_up:
            self.fall_for(node, NIGHT - MINUTE)
        else:
            self._cut_off(node, self.timeline.now + NIGHT - MINUTE, is_whole=True)

    def end(self) -> None:
        """Nothing breaks any more; every machine runs."""
        self.story.tell(self.timeline.now, "Everything works again.")
        self.network.heal()
        for node in self.nodes.values():
            node.fate = ""
            if not node.is_up:
                self._rise(node, node.life)
            else:
                self.tills.look_again(node)

    def _node(self) -> Node:
        return self.chance.choice(list(self.nodes.values()))
