"""When a till was in training, as the sealed journal says: what was played then is a simulation."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kit.i18n import lazy
from pos_api.queries.who import CLOCKS_DIFFER
from sales.journal.shapes import read_entry
from sales.models.journal import JournalEntry

TRAINING_BEGUN = lazy("Training begun on a till")
TRAINING_ENDED = lazy("Training ended on a till")
SWITCHES = frozenset({TRAINING_BEGUN.message, TRAINING_ENDED.message})


def was_training(session: Session, series: str, at: datetime) -> bool:
    """Whether the till of this series was in training at that moment, by clocks five minutes apart."""
    ended: datetime | None = None
    for moment, is_begin in _switches(session, series):
        if not is_begin:
            ended = moment
        elif moment - CLOCKS_DIFFER <= at:
            return ended is None or at <= ended + CLOCKS_DIFFER
    return False


def _switches(session: Session, series: str) -> Iterator[tuple[datetime, bool]]:
    """Each time that training began or ended, the last one first."""
    events = select(JournalEntry.body).where(JournalEntry.chain == "real", JournalEntry.kind == "event")
    newest = events.order_by(JournalEntry.seq.desc()).execution_options(yield_per=200)
    for body in session.scalars(newest):
        entry = read_entry(body)
        said = entry.event
        is_ours = said is not None and (said.what, said.about) == ("device", series)
        if said is not None and is_ours and said.after in SWITCHES:
            yield entry.at, said.after == TRAINING_BEGUN.message
