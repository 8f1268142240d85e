"""What the nodes of a failed test last wrote and said: from another machine comes nothing but the failure.

Every node that runs as a process writes `node.log` beside its `node.db`. Those below the folders of the test,
and of the nodes that its fixtures and functions hold, are told under the failure.
"""

import re
import sqlite3
from collections import deque
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest

from node.demo.village import DemoNode

LINES: Final = 15
LONGEST: Final = 400
WELL: Final = re.compile(
    r"event=answered .*status=[23]\d\d"
    r"|level=(?:info|debug) (?!.*(?:refus|drop|troubl|fail|why=|cause=|status=[45]))"
)
"""Lines that tell nothing of a failure."""
QUESTIONS: Final = {
    "peers": "SELECT origin, state, pulled_at FROM peer",
    "members": "SELECT village_uri, actor_uri, state FROM village_member",
    "said": "SELECT a.created_at, a.type, d.origin, d.state, d.attempts, d.last_error "
    "FROM delivery d JOIN outbox_activity a ON a.id = d.activity_id ORDER BY d.seq DESC LIMIT 8",
    "heard": "SELECT received_at, type, actor, state, reason FROM inbox_message ORDER BY seq DESC LIMIT 8",
    "payments": "SELECT p.state, p.is_final, p.why, l.issuer, l.state, l.why FROM village_payment p "
    "JOIN village_leg l ON l.payment_id = p.id WHERE p.is_final = 0 LIMIT 8",
}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add to a failure what the nodes of the test last wrote and said."""
    report = yield
    if report.failed:
        try:
            report.sections += _sections(item, call)
        except Exception as error:  # the run goes on, and the failure itself is told
            report.sections.append(("nodes", f"could not be asked: {error!r}"))
    return report


def _sections(item: pytest.Item, call: pytest.CallInfo[None]) -> list[tuple[str, str]]:
    given = [*getattr(item, "funcargs", {}).values(), *_held(call)]
    logs = sorted({log for value in given for log in logs_of(value)})
    return [(f"node {log.parent.name}", told(log)) for log in logs]


def _held(call: pytest.CallInfo[None]) -> Iterator[Any]:
    """What the functions held that failed: fixtures of a whole folder have given nothing yet."""
    for entry in call.excinfo.traceback if call.excinfo else ():
        yield from (value for value in entry.locals.values() if not isinstance(value, Path))


def logs_of(value: Any) -> Iterator[Path]:
    """The logs of the nodes that a fixture gave: nodes, whoever holds some, and folders with theirs."""
    if isinstance(value, DemoNode):
        yield value.log
    elif isinstance(value, Path):
        yield from value.rglob("node.log")
    elif isinstance(value, list | tuple):
        for one in value:
            yield from logs_of(one)
    else:
        for name in ("node", "nodes", "village"):
            held = vars(value).get(name) if hasattr(value, "__dict__") else None
            yield from logs_of(held) if isinstance(held, DemoNode | list | tuple) else ()


def told(log: Path) -> str:
    """The last lines of a log that tell of trouble, its very last, and what the node last said and heard."""
    return "\n".join([*_lines(log), *_said(log.with_name("node.db"))])


def _lines(log: Path) -> Iterator[str]:
    bad: deque[str] = deque(maxlen=LINES)
    last = "it wrote nothing"
    if log.exists():
        with log.open(encoding="utf-8", errors="replace") as lines:
            for last in lines:
                if not WELL.search(last):
                    bad.append(last)
    yield from (line.rstrip()[:LONGEST] for line in bad)
    yield f"last: {last.rstrip()[:LONGEST]}"


def _said(database: Path) -> Iterator[str]:
    if not database.exists():
        return
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
        for name, question in QUESTIONS.items():
            try:
                rows = db.execute(question).fetchall()
            except sqlite3.Error as error:
                rows = [(error,)]
            yield from (f"{name}: {' · '.join(map(str, row))}"[:LONGEST] for row in rows)
