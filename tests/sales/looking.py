"""What stands in the journal, for tests of it."""

from sqlalchemy import select

from kit.app import App
from node.commands.data import run_checks
from sales.journal.shapes import Chain, Closing, Drawer, Entry, Level, Link, read_entry
from sales.models.journal import JournalEntry


def entries(app: App, chain: Chain = "real") -> list[Entry]:
    """Everything that was written, in order."""
    wanted = select(JournalEntry.body).where(JournalEntry.chain == chain).order_by(JournalEntry.seq)
    with app.db.read() as session:
        return [read_entry(body) for body in session.scalars(wanted)]


def closings(app: App, level: Level = "day", chain: Chain = "real") -> list[Closing]:
    """The closings of one kind, in order."""
    said = [entry.closing for entry in entries(app, chain)]
    return [one for one in said if one is not None and one.level == level]


def broken(app: App) -> str:
    """What `hameau verify` finds first; "" when everything is in order."""
    found = run_checks(app.db.url.render_as_string(hide_password=False), app.settings)["first_broken"]
    return f"{found['what']}, {found['where']}: {found['why']}" if found else ""


def closed(link: Link) -> Closing:
    """What a closing says."""
    assert link.entry.closing is not None
    return link.entry.closing


def drawer(said: Closing) -> Drawer:
    """What it says of the drawer."""
    assert said.drawer is not None
    return said.drawer
