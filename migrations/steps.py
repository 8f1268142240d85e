"""Writing steps: compare the tables that rooms declare with a database that has taken every step so far."""

import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import Connection

from kit.db import Database
from kit.db.migrate import STEPS, configuration, upgrade
from migrations.models import load_models

VERSIONS = STEPS / "versions"


def write_step(message: str) -> list[Path]:
    """Write the next step; returns the new files. Read it before committing: CHECKs are yours to write."""
    load_models()
    before = set(VERSIONS.glob("*.py"))
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/steps.db", durable=False)
        upgrade(database)
        database.define(lambda connection: _write(connection, message, f"{len(before) + 1:04d}"))
        database.close()
    written = sorted(set(VERSIONS.glob("*.py")) - before)
    for path in written:
        _tidy(path)
    return written


def write_first_step() -> list[Path]:
    """Throw every step away and write one that makes all tables: only while no database has to be kept."""
    for path in VERSIONS.glob("*.py"):
        path.unlink()
    return write_step("The first tables")


def _tidy(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "# ### " not in line), encoding="utf-8")
    subprocess.run([sys.executable, "-m", "ruff", "format", "-q", str(path)], check=True)


def _write(connection: Connection, message: str, number: str) -> None:
    command.revision(configuration(connection), message=message, autogenerate=True, rev_id=number)
