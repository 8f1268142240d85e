"""The lock file beside a SQLite database: one process owns the node."""

import fcntl
import os
from pathlib import Path
from typing import ClassVar

from kit.errors import Refusal
from kit.i18n import lazy


class AlreadyRunning(Refusal):
    """Another process owns this database."""

    name: ClassVar[str] = "already_running"
    status: ClassVar[int] = 409
    default = lazy("This node is already running in another process.")


class Lock:
    """Held from its making to `release`, or to the end of the process however it ends."""

    def __init__(self, database: Path) -> None:
        path = database.with_name(database.name + ".lock")
        self._file = path.open("a+", encoding="ascii")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            owner = self._owner()
            self._file.close()
            raise AlreadyRunning(cause=f"process {owner} holds {path}") from None
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()

    def _owner(self) -> str:
        self._file.seek(0)
        return self._file.read(20) or "unknown"

    def release(self) -> None:
        """Let another process own the database; the file stays, so that two can never hold two files."""
        self._file.close()
