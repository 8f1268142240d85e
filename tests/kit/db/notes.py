"""A small table of its own for tests of the database, and ways to look at it."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

from sqlalchemy import CheckConstraint, Column, ForeignKey, MetaData, Table, func, select
from sqlalchemy.orm import Session

from kit.db import Database
from kit.db.types import BigInt, Str

TABLES = MetaData()
NOTE = Table(
    "note",
    TABLES,
    Column("seq", BigInt, primary_key=True),
    Column("text", Str, unique=True, nullable=False),
    CheckConstraint("length(text) < 100", name="ck_note_short"),
    sqlite_strict=True,
)
REPLY = Table(
    "reply",
    TABLES,
    Column("seq", BigInt, primary_key=True),
    Column("note", ForeignKey("note.seq", deferrable=True, initially="DEFERRED"), nullable=False),
    sqlite_strict=True,
)
COUNTER = Table(
    "counter",
    TABLES,
    Column("name", Str, primary_key=True),
    Column("value", BigInt, nullable=False),
    CheckConstraint("value >= 0", name="ck_counter_positive"),
    sqlite_strict=True,
)


def make(db: Database) -> Database:
    """Add the tables, where they are not there yet."""
    db.define(TABLES.create_all)
    return db


def add(text: str) -> "Adding":
    """A unit that adds one note."""
    return Adding(text)


class Adding:
    def __init__(self, text: str) -> None:
        self.text = text

    def __call__(self, session: Session) -> str:
        session.execute(NOTE.insert().values(text=self.text))
        return self.text


def texts(db: Database) -> list[str]:
    """Every note, in the order of writing."""
    with db.read() as session:
        return list(session.scalars(select(NOTE.c.text).order_by(NOTE.c.seq)))


def count(db: Database) -> int:
    with db.read() as session:
        return session.scalar(select(func.count()).select_from(NOTE)) or 0


@contextmanager
def held(db: Database) -> Iterator[None]:
    """Keep the writer busy inside the block, so that what is written meanwhile waits for one batch."""
    from threading import Thread

    started, release = Event(), Event()

    def unit(_: Session) -> None:
        started.set()
        release.wait(20)

    thread = Thread(target=db.write, args=(unit,))
    thread.start()
    started.wait(20)
    try:
        yield
    finally:
        release.set()
        thread.join()
