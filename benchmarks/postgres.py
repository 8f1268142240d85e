"""A temporary PostgreSQL that flushes as it should, on a real disk, gone afterwards.

The server refuses to run as root, so it then runs as `nobody` in a folder of its own.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.machine import postgresql

NOBODY = 65534


def is_here() -> bool:
    """Whether this machine has a PostgreSQL to start."""
    return postgresql() is not None


@contextmanager
def server() -> Iterator[str]:
    """A running server with an empty database; gives its address, and drops everything at the end."""
    home = Path(tempfile.mkdtemp(prefix="hameau-bench-", dir="/var/tmp"))
    if os.geteuid() == 0:
        os.chown(home, NOBODY, NOBODY)
    binaries, data = _binaries(home), home / "data"
    try:
        _run(binaries / "initdb", "-D", data, "-U", "hameau", "-A", "trust", "-E", "UTF8", "--locale=C")
        options = f"-c listen_addresses='' -c unix_socket_directories={home} -c shared_buffers=128MB"
        _run(binaries / "pg_ctl", "-D", data, "-l", home / "log", "-o", options, "-w", "start")
        try:
            yield f"postgresql://hameau@/postgres?host={home}"
        finally:
            _run(binaries / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _binaries(home: Path) -> Path:
    """Binaries that the server's user may run: those in a private folder are copied beside the data."""
    found = postgresql()
    if found is None:
        raise RuntimeError("no PostgreSQL found: install the dev dependencies, or Debian's postgresql")
    if os.geteuid() or _may_run(found / "initdb"):
        return found
    shutil.copytree(found.parent, home / "pginstall", symlinks=True)
    return home / "pginstall" / "bin"


def _may_run(program: Path) -> bool:
    done = subprocess.run([*_as_nobody(), program, "-V"], capture_output=True, cwd="/", check=False)
    return done.returncode == 0


def _run(*command: str | Path) -> None:
    place = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}
    subprocess.run([*_as_nobody(), *command], stdout=subprocess.DEVNULL, cwd="/", env=place, check=True)


def _as_nobody() -> list[str]:
    if os.geteuid():
        return []
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
