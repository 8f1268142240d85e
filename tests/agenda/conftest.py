"""What the agenda's tests share: a fixed noon, facts written down."""

from collections.abc import Iterator

import pytest

from agenda import facts
from kit import clock
from kit.db import Database
from tests.factories.events import NOON


@pytest.fixture
def noon() -> Iterator[None]:
    """It is noon, 21 November 2026, in UTC."""
    clock.use_clock(lambda: NOON)
    yield
    clock.use_clock(None)


@pytest.fixture
def told_facts(db: Database) -> list[object]:
    """Every fact of the agenda that is told from now on."""
    heard: list[object] = []
    kinds = [getattr(facts, name) for name in dir(facts) if name.startswith("Event")]
    db.listeners = {kind: (lambda _session, fact: heard.append(fact),) for kind in kinds}
    return heard
