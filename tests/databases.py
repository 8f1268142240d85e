"""Databases for tests, on SQLite and on PostgreSQL, each holding every room's empty tables.

`db` is an open Database; `database_url` its address for a node of another process; `new_database_url()` makes
more; `empty_database_url` has no table at all. Nothing is flushed to disk: durability tests make their own.
Test folders need no `__init__.py`: pytest runs with `--import-mode=importlib` and the repository on its path.
"""

import shutil
from collections.abc import Callable, Iterator
from functools import cache
from itertools import count
from pathlib import Path

import pytest
import structlog
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.orm import close_all_sessions

from kit.db import Base, Database
from migrations.models import load_models
from tests import cluster

DIALECTS = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))
_numbers = count(1)


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_RUN] = cluster.begin_run()
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.processors.add_log_level, plain])


def pytest_unconfigure(config: pytest.Config) -> None:
    if folder := config.stash.get(_RUN, None):
        cluster.end_run(folder)


_RUN = pytest.StashKey[Path | None]()


@pytest.fixture(params=DIALECTS)
def dialect(request: pytest.FixtureRequest) -> str:
    """The database in turn; narrow it with `parametrize("dialect", ["sqlite"], indirect=True)`."""
    return str(request.param)


@pytest.fixture
def database_url(dialect: str, worker: str) -> Iterator[str]:
    """Address of a database with every table, all empty."""
    if dialect == "postgresql":
        yield _emptied(worker)
        return
    path = _copied(worker)
    yield f"sqlite:///{path}"
    _remove(path)


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    """An open database with every table, all empty."""
    database = Database(database_url, durable=False)
    yield database
    close_all_sessions()
    database.close()


@pytest.fixture
def new_database_url(dialect: str, worker: str) -> Iterator[Callable[[], str]]:
    """A function that makes one more database with every table, all empty."""
    made: list[str] = []

    def make() -> str:
        made.append(_created(worker) if dialect == "postgresql" else f"sqlite:///{_copied(worker)}")
        return made[-1]

    yield make
    for url in made:
        _forget(url)


@pytest.fixture
def empty_database_url(dialect: str, worker: str) -> Iterator[str]:
    """Address of a database without any table."""
    name = f"empty_{worker}_{next(_numbers)}"
    if dialect == "postgresql":
        _administer(f"CREATE DATABASE {name} TEMPLATE template0")
        url = cluster.cluster_url(name)
    else:
        url = f"sqlite:///{cluster.run_folder() / name}.db"
    yield url
    _forget(url)


@pytest.fixture(scope="session")
def worker(request: pytest.FixtureRequest) -> str:
    """Name of the process among those that share this run."""
    return str(getattr(request.config, "workerinput", {}).get("workerid", "alone"))


def _copied(worker: str) -> Path:
    path = cluster.run_folder() / f"{worker}_{next(_numbers)}.db"
    shutil.copyfile(_sqlite_template(worker), path)
    return path


@cache
def _sqlite_template(worker: str) -> Path:
    path = cluster.run_folder() / f"template_{worker}.db"
    _fill(f"sqlite:///{path}")
    return path


@cache
def _postgres_template(worker: str) -> str:
    name = f"template_{worker}"
    _administer(f"CREATE DATABASE {name} TEMPLATE template0")
    _fill(cluster.cluster_url(name))
    return name


def _fill(url: str) -> None:
    load_models()
    database = Database(url, durable=False)
    database.define(Base.metadata.create_all)
    database.close()


def _created(worker: str, name: str = "") -> str:
    name = name or f"test_{worker}_{next(_numbers)}"
    _administer(f"CREATE DATABASE {name} TEMPLATE {_postgres_template(worker)}")
    return cluster.cluster_url(name)


@cache
def _own(worker: str) -> str:
    return _created(worker, f"own_{worker}")


def _emptied(worker: str) -> str:
    url = _own(worker)
    engine = create_engine(url)
    with engine.begin() as connection:
        _empty(connection)
    engine.dispose()
    return url


def _empty(connection: Connection) -> None:
    """Empty the tables that hold rows, and let every counter start again."""
    connection.exec_driver_sql("SET LOCAL lock_timeout = '10s'")
    connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    names = connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
    probes = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in names)  # noqa: S608
    full = connection.exec_driver_sql(probes).scalars().all() if names else []
    if full:
        quoted = ", ".join(f'"{name}"' for name in full)
        connection.exec_driver_sql(f"TRUNCATE {quoted} CASCADE")
    connection.exec_driver_sql("SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence")


def _administer(statement: str) -> None:
    engine = create_engine(cluster.cluster_url("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def _forget(url: str) -> None:
    if url.startswith("sqlite:///"):
        _remove(Path(url.removeprefix("sqlite:///")))
    else:
        name = url.split("@/")[1].split("?")[0]
        _administer(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _remove(path: Path) -> None:
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink(missing_ok=True)
