"""The types that handlers receive cannot be made elsewhere: the word that opens them is in three files."""

import re
from pathlib import Path

import federation

IMPORTED = re.compile(r"\bSEAL\b.*=|import.*\bSEAL\b")
HOLDERS = {"verified.py", "proofs.py", "signatures/verify.py"}
"""The inbox may call `restore`, on rows that it wrote itself."""
RESTORERS = {"verified.py", "inbox"}


def files() -> dict[str, str]:
    room = Path(federation.__file__).parent
    return {
        path.relative_to(room).as_posix(): path.read_text(encoding="utf-8") for path in room.rglob("*.py")
    }


def test_who_holds_the_seal() -> None:
    assert {name for name, text in files().items() if IMPORTED.search(text)} == HOLDERS


def test_who_restores() -> None:
    assert {name.partition("/")[0] for name, text in files().items() if "restore(" in text} <= RESTORERS
