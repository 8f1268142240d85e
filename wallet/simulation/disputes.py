"""People who contest what was paid, and those who end it: either side, in time or not, too much, twice."""

from dataclasses import dataclass
from random import Random
from typing import Final, Literal

from wallet.between.contesting import contest, ending
from wallet.between.disputing import CONTESTABLE
from wallet.between.events import Suggest, Withdraw
from wallet.between.shapes import Clearing, KeptLine
from wallet.simulation.drawing import fresh_id
from wallet.simulation.node import Node
from wallet.simulation.options import MINUTE
from wallet.simulation.shapes import Counts
from wallet.simulation.story import Story, money, place
from wallet.simulation.timeline import Timeline

OFTEN_OPEN: Final = 0.85
"""Share of offers about a dispute that both have signed."""
CALLED_OFF: Final = 0.1
"""Share of disputes that whoever made them takes back soon after."""


@dataclass
class Disputes:
    """Whoever reads the statements of each node."""

    nodes: dict[str, Node]
    timeline: Timeline
    chance: Random
    counts: Counts
    story: Story

    def contest(self) -> None:
        """Somebody finds a line that is not right; often one of the newest, or one that was contested."""
        node = self.chance.choice(list(self.nodes.values()))
        lines = [one for one in node.drawers.kept_lines.values() if one.line.kind in CONTESTABLE]
        if lines:
            known = {one.about.line for one in node.drawers.kept_clearings.values() if one.about}
            again = [one for one in lines if one.hash in known]
            kept = self.chance.choice(again if again and self.chance.random() < 0.3 else lines[-12:])
            self._say(node, contest(kept, node.me, fresh_id(self.chance), self._part(kept), node.ms))

    def end(self) -> None:
        """Somebody offers how a dispute ends, perhaps one that ended already."""
        node = self.chance.choice(list(self.nodes.values()))
        found = [one for one in node.drawers.kept_clearings.values() if one.kind == "dispute"]
        open_ones = [one for one in found if one.state == "signed"]
        found = open_ones if open_ones and self.chance.random() < OFTEN_OPEN else found
        if found:
            to: Literal["holder", "payer"] = "holder" if self.chance.random() < 0.5 else "payer"
            self._say(node, ending(self.chance.choice(found), fresh_id(self.chance), to, node.ms))

    def _part(self, kept: KeptLine) -> int:
        """All of it, a part, or more than there is."""
        whole = kept.line.delta
        return self.chance.choice((whole, whole, max(1, whole // 2), whole + 1))

    def _say(self, node: Node, one: Clearing) -> None:
        node.put(Suggest(clearing=one))
        self.counts.disputes += node.is_up
        if self.chance.random() < CALLED_OFF:
            wait = self.chance.randint(0, MINUTE)
            self.timeline.after(wait, lambda: node.put(Withdraw(clearing=one.id)))
        if self.story.is_told:
            (edge,) = one.edges
            about = f"line {one.about.seq if one.about else 0} with {place(one.peer)}"
            what = "contests" if one.kind == "dispute" else f"offers {one.about.to if one.about else ''}"
            text = f"{place(node.me)} {what} {money(edge.amount, edge.asset)} of {about}: {one.id.hex[:6]}."
            self.story.tell(self.timeline.now, text)
