"""A temporary PostgreSQL: one cluster for a whole run of the tests, shared by its workers, gone afterwards.

The server refuses to run as root, so it then runs as `nobody` in a folder of its own. Nothing is flushed.
"""

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests import machine

NOBODY = 65534
PREFIX = "hameau-tests-"
RUN = "HAMEAU_TEST_RUN"  # the run's folder, inherited by workers
MEMORY = Path("/dev/shm")  # noqa: S108 - memory-backed, and the folder made in it is ours
SERVER = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "''",
    "max_connections": "200",
    "shared_buffers": "32MB",
}


def begin_run() -> Path | None:
    """Make the run's folder, or None when a parent process has made it."""
    if RUN in os.environ:
        return None
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=_memory()))
    folder.chmod(0o755)
    (folder / "owner").write_text(str(os.getpid()))
    os.environ[RUN] = str(folder)
    return folder


def end_run(folder: Path) -> None:
    """Stop the cluster if one was started, and remove everything."""
    if (folder / "postgres/data/postmaster.pid").exists():
        data = folder / "postgres/data"
        _run(_binary(folder, "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop", check=False)
    shutil.rmtree(folder, ignore_errors=True)
    os.environ.pop(RUN, None)


def run_folder() -> Path:
    """The folder of the present run."""
    return Path(os.environ[RUN])


def cluster_url(database: str) -> str:
    """Address of a database of the run's cluster, which is started if need be."""
    folder = run_folder()
    with _alone(folder / "postgres.lock"):
        if not (folder / "postgres/ready").exists():
            _start(folder)
    return f"postgresql+psycopg://hameau@/{database}?host={folder / 'postgres'}"


def _start(folder: Path) -> None:
    home = folder / "postgres"
    home.mkdir(exist_ok=True)
    if _is_root():
        os.chown(home, NOBODY, NOBODY)
    data, options = home / "data", {**SERVER, "unix_socket_directories": str(home)}
    _run(_binary(folder, "initdb"), "-D", str(data), "-U", "hameau", "-A", "trust", "-E", "UTF8",
         "--locale=C", "--no-sync")  # fmt: skip
    settings = " ".join(f"-c {name}={value}" for name, value in options.items())
    _run(_binary(folder, "pg_ctl"), "-D", str(data), "-l", str(home / "log"), "-o", settings, "-w", "start")
    (home / "ready").touch()


def _run(*command: str, check: bool = True) -> None:
    prefix = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"] if _is_root() else []
    done = subprocess.run(
        [*prefix, *command], capture_output=True, text=True, cwd="/", env=_environment(), check=False
    )
    if check and done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stdout}{done.stderr}")


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "HOME": "/nonexistent"}


def _binary(folder: Path, name: str) -> str:
    kept = folder / "binaries"
    if not kept.exists():
        kept.write_text(str(_usable(folder)))
    return str(Path(kept.read_text()) / name)


def _usable(folder: Path) -> Path:
    """Binaries that the server's user may run; those in a private folder are copied beside the data."""
    found = machine.postgresql()
    if found is None:
        raise RuntimeError("no PostgreSQL found: install the dev dependencies, or Debian's postgresql")
    if not _is_root() or _may_run(found / "initdb"):
        return found
    copy = folder / "pginstall"
    shutil.copytree(found.parent, copy, symlinks=True)
    return copy / "bin"


def _may_run(program: Path) -> bool:
    command = ["setpriv", f"--reuid={NOBODY}", "--clear-groups", f"--regid={NOBODY}", str(program), "-V"]
    return subprocess.run(command, capture_output=True, cwd="/", check=False).returncode == 0


def _is_root() -> bool:
    return os.geteuid() == 0


def _memory() -> Path:
    return MEMORY if os.access(MEMORY, os.W_OK) else Path(tempfile.gettempdir())


def _sweep() -> None:
    """Remove what runs that were killed left behind."""
    for folder in _memory().glob(f"{PREFIX}*"):
        with suppress(OSError, ValueError):
            if folder.stat().st_uid == os.geteuid() and not _is_alive(int((folder / "owner").read_text())):
                end_run(folder)


def _is_alive(process: int) -> bool:
    return Path(f"/proc/{process}").exists()


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
