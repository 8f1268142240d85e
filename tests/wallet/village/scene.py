"""An evening with three neighbours that a person looks at afterwards: paid, refused, in doubt, taken back."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from kit.app import App
from tests.wallet.village.puppet import Puppet, at, fill_sam, move_in
from wallet.between import messages as m
from wallet.between.events import AnyEvent, Outcome, follow_up
from wallet.between.port import Village
from wallet.between.shapes import Clearing, Payment
from wallet.village_store.decider import KIND, Batch

GRANGE = ("https://grange.example", "La Grange aux Belles", (1, "#046C47"))
PLUME = ("https://plume.example", "Ciné-club La Plume", (5, "#7C1F4C"))
EVENING = datetime(2026, 11, 20, 20, 4, 5, 123_000, tzinfo=UTC)


@dataclass
class Line:
    """Stands where the engine stands in a running node: decides at once, says nothing by itself."""

    app: App
    silent: set[str] = field(default_factory=set)

    async def tell(self, event: AnyEvent) -> Outcome:
        outcome: Outcome = (await self.app.db.asubmit(KIND, Batch(events=(event,))))[0]
        return outcome

    def reachable(self, peer: str) -> bool:
        return peer not in self.silent


@dataclass(frozen=True)
class Scene:
    """Who is there and what happened, by name."""

    app: App
    line: Line
    workshop: Puppet
    barn: Puppet
    cinema: Puppet
    paid: Payment
    refund: Payment
    refused: Payment
    lost: Payment
    found: Payment
    late: Payment
    there: UUID
    asked: Clearing


def play(app: App, ours: UUID) -> Scene:
    """The evening, from nine o'clock in Paris on."""
    line = Line(app)
    app.ports.give(Village, line)
    with at(EVENING - timedelta(days=9)):
        workshop = move_in(app, ours, look=(3, "#D0122D"))
        barn = move_in(app, ours, *GRANGE, node_max=9_000)
        cinema = move_in(app, ours, *PLUME)
        fill_sam(app, ours)
    with at(EVENING - timedelta(days=2)):
        for amount in (1_250, 480, 2_300):
            workshop.tap(amount, "Comptoir")
        for amount in (900, 1_750):
            workshop.tapped_there(amount)
        barn.tap(4_500, "Concert")
        barn.tap(3_300, "Concert")
        for puppet in (workshop, barn):
            puppet.sign()
    return Scene(app, line, workshop, barn, cinema, **_evening(workshop, barn, line))


def _evening(workshop: Puppet, barn: Puppet, line: Line) -> dict[str, Any]:
    with at(EVENING):
        paid = workshop.tap(1_640, "Bar de la cour")
        there = workshop.tapped_there(1_120)
    with at(EVENING, timedelta(minutes=6)):
        refund = workshop.refund(paid, 240)
        refused = workshop.tap(99_000, "Bar de la cour")
    with at(EVENING, timedelta(minutes=9)):
        lost = barn.tap(700, "Buvette", heard=False)
        late = barn.begin(350, "Buvette")
    with at(EVENING, timedelta(minutes=10)):
        barn.give_up(lost.id)
        line.silent.add(barn.origin)
    with at(EVENING, timedelta(minutes=31)):
        workshop.sign()
        found = never_asked(workshop, 130)
    with at(EVENING, timedelta(hours=12)):
        asked = workshop.proposes(2_000, "VIR SOUS NOVEMBRE 2026")
    return {
        "paid": paid, "refund": refund, "refused": refused, "lost": lost, "found": found, "late": late,
        "there": there, "asked": asked,
    }  # fmt: skip


def never_asked(puppet: Puppet, amount: int) -> Payment:
    """The neighbour writes down a payment that no till of ours asked for, and tells us of it."""
    charge = m.Charge(
        id=uuid4(), made=puppet.ms(), asset=puppet.their_asset, epoch=1, handle="h_lou", amount=amount,
        exp=puppet.ms() + 600_000,
    )  # fmt: skip
    puppet.say(m.encode(charge))
    puppet.sign()
    return puppet.payment(follow_up(charge.id, "found"))
