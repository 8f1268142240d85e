"""The room of sales: what it offers to the house."""

from kit.app import App
from kit.features import Feature
from kit.i18n import lazy
from sales import demo, permissions
from sales.deciding import let_journal_decide
from sales.flows import KnownCounter
from sales.jobs import JOBS
from sales.verify import CHECKS


def prepare(app: App) -> None:
    """Let the journal decide in this process, and remember the prices that it read."""
    let_journal_decide(app)
    app.ports.give(KnownCounter, KnownCounter())


SALES = Feature(
    name="sales",
    title=lazy("Sales"),
    charter=lazy("What I sell, and what was sold."),
    permissions=permissions.PERMISSIONS,
    can_turn_off=True,
    demo=demo.fill,
    jobs=JOBS,
    checks=CHECKS,
    prepare=prepare,
)
