"""The model test: any evening, three keepers, one auditor. `HAMEAU_MODEL_STEPS` asks for a longer one."""

import ast
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from kit.db import Base, Database
from migrations.models import load_models
from tests.wallet.ledger import auditor, twins
from tests.wallet.ledger.machine import Evening
from tests.wallet.ledger.twins import MemoryTwin, SqlTwin, Twin

STEPS = int(os.environ.get("HAMEAU_MODEL_STEPS", "1000"))
AN_EVENING = 50 if STEPS <= 1000 else 100
ALLOWED = {"wallet.ledger.requests", "wallet.ledger.shapes"}


@pytest.fixture
def new_sqlite(tmp_path: Path) -> Callable[[], Database]:
    """A function that opens an empty SQLite database; the one before is closed."""
    load_models()
    model = tmp_path / "model.db"
    database = Database(f"sqlite:///{model}", durable=False)
    database.define(Base.metadata.create_all)
    database.close()
    opened: list[Database] = []

    def make() -> Database:
        if opened:
            opened.pop().close()
        for file in tmp_path.glob("evening.db*"):
            file.unlink()
        shutil.copyfile(model, tmp_path / "evening.db")
        opened.append(Database(f"sqlite:///{tmp_path / 'evening.db'}", durable=False))
        return opened[0]

    return make


def play(steps: int, keepers: Callable[[], Sequence[Twin]]) -> None:
    class Tonight(Evening):
        def __init__(self) -> None:
            self.twins = keepers()
            super().__init__()

    bounds = settings(
        max_examples=max(1, steps // AN_EVENING),
        stateful_step_count=AN_EVENING,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    run_state_machine_as_test(Tonight, settings=bounds)


def test_memory_and_sqlite_do_what_the_auditor_foretold(new_sqlite: Callable[[], Database]) -> None:
    play(STEPS // 4, lambda: (MemoryTwin(), SqlTwin(new_sqlite())))


@pytest.mark.postgresql
@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_all_keepers_write_the_same_bytes(db: Database, new_sqlite: Callable[[], Database]) -> None:
    def keepers() -> Sequence[Twin]:
        twins.empty(db)
        return MemoryTwin(), SqlTwin(new_sqlite()), SqlTwin(db)

    play(STEPS, keepers)


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield str(node.module)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def test_the_auditor_never_saw_the_rules() -> None:
    ours = {
        name for name in imported(Path(auditor.__file__)) if name.split(".")[0] in {"wallet", "tests", "kit"}
    }
    assert ours <= ALLOWED


def test_the_auditor_can_be_read_at_one_sitting() -> None:
    """Under 150 lines that say something: blank ones, docstrings, comments and imports are not counted."""
    tree = ast.parse(Path(auditor.__file__).read_text(encoding="utf-8"))
    said = {node.lineno for node in ast.walk(tree) if isinstance(node, ast.stmt | ast.expr | ast.arg)}
    for node in ast.walk(tree):
        is_words = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if isinstance(node, ast.stmt) and (is_words or isinstance(node, ast.ImportFrom)):
            said -= {node.lineno}
    assert len(said) < 150
