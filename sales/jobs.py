"""What time asks of this room."""

from datetime import timedelta

from kit.app import App
from kit.jobs import Job
from sales.anchors import anchor_heads
from sales.giving_back import finish_returns
from sales.product_pictures import sweep_pictures
from sales.service import ended
from sales.village import finish_all

SOON = timedelta(seconds=10)


def anchor(app: App) -> None:
    """Keep the ends of the chains outside the database, too."""
    with app.db.read() as session:
        anchor_heads(session, app.data)


async def finish_waiting(app: App) -> None:
    """Go on with sales that wait for a neighbour, and with those that are being taken back."""
    await finish_all(app)
    await finish_returns(app)


def sweep_ended(app: App) -> None:
    """Forget what a neighbour refused, a month later."""
    app.db.write(ended.sweep)


JOBS = (
    Job("sales.anchor", SOON, anchor),
    Job("sales.finish_waiting", SOON, finish_waiting),
    Job("sales.ended", timedelta(hours=24), sweep_ended),
    Job("sales.pictures", timedelta(hours=24), sweep_pictures),
)
