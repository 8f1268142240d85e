"""Writing steps: compare the tables that rooms declare with a database that has taken every step so far."""

import subprocess
import sys
import tempfile
from collections.abc import Set
from functools import partial
from pathlib import Path

from alembic import command
from sqlalchemy import Connection

from kit.db import Database
from kit.db.migrate import STEPS, configuration, head, upgrade
from migrations.models import load_models, tables_by_room

VERSIONS = STEPS / "versions"


def write_step(message: str, tables: Set[str] | None = None) -> Path:
    """Write the next step, for these tables or for all. Read it: changed CHECKs are yours to write."""
    load_models()
    before = set(VERSIONS.glob("*.py"))
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/steps.db", durable=False)
        upgrade(database)
        database.define(partial(_write, message=message, number=f"{len(before) + 1:04d}", tables=tables))
        database.close()
    head.cache_clear()
    (written,) = set(VERSIONS.glob("*.py")) - before
    _tidy(written)
    return written


def write_first_steps() -> list[Path]:
    """Throw every step away and write one for each room: only while no database has to be kept."""
    for path in VERSIONS.glob("*.py"):
        path.unlink()
    head.cache_clear()
    return [write_step(f"The tables of {room}", tables) for room, tables in tables_by_room()]


def _tidy(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "# ### " not in line), encoding="utf-8")
    for command_line in (["format", "-q"], ["check", "-q", "--fix"]):
        subprocess.run([sys.executable, "-m", "ruff", *command_line, str(path)], check=True)


def _write(connection: Connection, message: str, number: str, tables: Set[str] | None) -> None:
    config = configuration(connection)
    config.attributes["tables"] = tables
    command.revision(config, message=message, autogenerate=True, rev_id=number)
