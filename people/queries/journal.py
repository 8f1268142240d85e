"""The audit log, newest first, a page at a time or whole."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from kit.i18n import gettext
from kit.sheets import csv_line, harmless
from people.models.audit import AuditEntry
from people.words import folded

PER_PAGE = 50
COLUMNS = ("seq", "at", "who", "how", "verb", "kind", "about", "about_id", "details")


@dataclass(frozen=True)
class Wanted:
    """Which entries: words, a person, a kind of thing, a period (`until` excluded)."""

    q: str = ""
    who: UUID | None = None
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Entries:
    """One page; `older` is the cursor of the next one, 0 when there is none."""

    entries: Sequence[AuditEntry]
    older: int = 0


def read_journal(session: Session, wanted: Wanted, before: int = 0) -> Entries:
    """The entries older than the cursor `before` (0: from the newest)."""
    found = _matching(session, wanted).order_by(AuditEntry.seq.desc()).limit(PER_PAGE + 1)
    rows = session.scalars(found.where(AuditEntry.seq < before) if before else found).all()
    more = len(rows) > PER_PAGE
    return Entries(rows[:PER_PAGE], rows[PER_PAGE - 1].seq if more else 0)


def kinds(session: Session) -> list[str]:
    """The kinds of things that the log speaks of."""
    return sorted(kind for kind in session.scalars(select(AuditEntry.kind).distinct()) if kind)


def authors(session: Session) -> list[tuple[UUID, str]]:
    """Who appears in the log, by the name they had first."""
    named = select(AuditEntry.who_id, AuditEntry.who_name).where(AuditEntry.who_id.is_not(None)).distinct()
    found = {who: name for who, name in session.execute(named) if who}
    return sorted(found.items(), key=lambda pair: folded(pair[1]))


def journal_csv(session: Session, wanted: Wanted) -> Iterator[bytes]:
    """The entries as CSV (RFC 4180, UTF-8 with a mark, so that spreadsheets read accents), newest first."""
    yield b"\xef\xbb\xbf" + csv_line(COLUMNS)
    found = _matching(session, wanted).order_by(AuditEntry.seq.desc()).execution_options(yield_per=500)
    for entry in session.scalars(found):
        yield csv_line(harmless(str(cell)) for cell in _cells(entry))


def _cells(entry: AuditEntry) -> tuple[object, ...]:
    details = json.dumps(entry.details, ensure_ascii=False) if entry.details else ""
    at = entry.at.isoformat(timespec="seconds").replace("+00:00", "Z")
    told = (entry.how, entry.verb, entry.kind, entry.about, entry.about_id, details)
    return (entry.seq, at, entry.who_name, *told)


def _matching(session: Session, wanted: Wanted) -> Select[AuditEntry]:
    found = select(AuditEntry)
    for word in folded(wanted.q).split()[:8]:
        said = AuditEntry.verb.in_(_verbs_saying(session, word))
        found = found.where(AuditEntry.search.contains(word, autoescape=True) | said)
    if wanted.who:
        found = found.where(AuditEntry.who_id == wanted.who)
    if wanted.kind:
        found = found.where(AuditEntry.kind == wanted.kind)
    if wanted.since:
        found = found.where(AuditEntry.at >= wanted.since)
    return found.where(AuditEntry.at < wanted.until) if wanted.until else found


def _verbs_saying(session: Session, word: str) -> list[str]:
    """The stored verbs whose translation, in the reader's language, holds `word`."""
    verbs = session.scalars(select(AuditEntry.verb).distinct())
    return [verb for verb in verbs if word in folded(gettext(verb))]
