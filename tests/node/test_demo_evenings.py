"""The demonstration has a past: evenings that were sold, closed, and that every check finds in order."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from config.settings import load_settings
from kit import clock
from kit.db import Database
from node.commands.data import run_checks
from node.demo.filling import fill
from node.demo.ports import free_port_base
from node.demo.village import make_nodes
from sales.journal.shapes import read_entry
from sales.models.journal import ClosingRow, JournalEntry, SaleRow


def test_the_evenings_before_today_were_sold_and_closed(tmp_path: Path) -> None:
    (node,) = make_nodes(tmp_path, free_port_base(1), 1)
    fill(node, evenings=2)
    settings = load_settings(node.config)
    checked = run_checks(settings.node.database, settings)
    assert checked["ok"], checked
    today = datetime.now(UTC).date()
    with Database(settings.node.database).read() as session:
        closed = [
            (date.fromisoformat(row.day), row.turnover)
            for row in session.scalars(
                select(ClosingRow).where(ClosingRow.level == "day").order_by(ClosingRow.number)
            )
        ]
        days = set(session.scalars(select(SaleRow.day)))
        kinds = dict(session.execute(select(SaleRow.kind, func.count()).group_by(SaleRow.kind)).all())
        ends = select(JournalEntry.body).where(JournalEntry.kind == "closing").order_by(JournalEntry.seq)
        said = [one for body in session.scalars(ends) if (one := read_entry(body).closing) is not None]
    hours = [[unit.sold for unit in one.totals.units] for one in said if one.level == "day"]
    assert hours == [[100], [100]]  # somebody who helped ate for an hour, each evening
    assert [day for day, _ in closed] == [today - timedelta(days=2), today - timedelta(days=1)]
    assert all(turnover > 0 for _, turnover in closed)
    assert days == {day.isoformat() for day, _ in closed}
    assert kinds["credit_note"] == 2
    assert clock.now() - datetime.now(UTC) < timedelta(minutes=1)
