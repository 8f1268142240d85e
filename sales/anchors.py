"""Ends of the chains, kept in a file beside the database: who cuts a chain short cannot cut the file with it.

One line each: chain, number, signature, seal. The seal is made with the key of the chain; a line that nobody
could have made is no anchor but a sign that somebody tried.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from sales.models.journal import JournalHead

FILE: Final = "journal-heads"
PRIVATE: Final = 0o600


class Anchor(Struct, frozen=True):
    """A chain was once this long, and ended so."""

    chain: str
    seq: int
    mac: str
    seal: str


def anchor_heads(session: Session, folder: Path) -> int:
    """Add the ends that have moved since the last line; how many."""
    last = {one.chain: one.seq for one in anchors(folder)}
    moved = [head for head in session.scalars(select(JournalHead)) if head.seq > last.get(head.chain, 0)]
    if moved:
        _append(folder / FILE, "".join(f"{one.chain} {one.seq} {one.mac} {one.seal}\n" for one in moved))
    return len(moved)


def anchors(folder: Path) -> Iterator[Anchor]:
    """Every line that can be read; one that was being written when the power went is left out."""
    path = folder / FILE
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        words = line.split(" ")
        if len(words) == len(Anchor.__struct_fields__) and words[1].isdecimal():
            yield Anchor(words[0], int(words[1]), words[2], words[3])


def _append(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, PRIVATE)
    with os.fdopen(handle, "a", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
