"""What time asks of this room."""

from datetime import timedelta

from kit.app import App
from kit.jobs import Job
from sales.anchors import anchor_heads
from sales.product_pictures import sweep_pictures
from sales.village import finish_all

SOON = timedelta(seconds=10)


def anchor(app: App) -> None:
    """Keep the ends of the chains outside the database, too."""
    with app.db.read() as session:
        anchor_heads(session, app.data)


async def finish_waiting(app: App) -> None:
    """Go on with sales that wait for a neighbour."""
    await finish_all(app)


JOBS = (
    Job("sales.anchor", SOON, anchor),
    Job("sales.finish_waiting", SOON, finish_waiting),
    Job("sales.pictures", timedelta(hours=24), sweep_pictures),
)
