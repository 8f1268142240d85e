"""What happened in this room, for others to hear."""

from dataclasses import dataclass

from sales.journal.shapes import Entry


@dataclass(frozen=True)
class Written:
    """An entry stands in the journal."""

    entry: Entry
