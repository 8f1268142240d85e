"""A write unit: what waits in the queue, and the session it is given."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from typing import Any, TypeVar

import structlog
from sqlalchemy.orm import Session

from kit.db.telling import tell_all

log = structlog.get_logger("kit.db")

T = TypeVar("T")
Effect = Callable[[], None]
Listeners = Mapping[type, Sequence[Callable[[Session, Any], None]]]
EFFECTS = "after_commit"


class UnitSession(Session):
    """A session inside a unit: kit.db alone commits and rolls back."""

    def commit(self) -> None:
        raise RuntimeError("only kit.db commits: return from the unit instead")

    def rollback(self) -> None:
        raise RuntimeError("only kit.db rolls back: raise from the unit instead")

    def keep(self) -> None:
        super().commit()

    def drop(self) -> None:
        super().rollback()


@dataclass(slots=True, eq=False)
class Unit:
    """One waiting write: a function of a session, or a request of a hot kind. May be run more than once.

    `future` is that of a thread that waits, or of an event loop.
    """

    run: Callable[[Session], Any] | None = None
    kind: str = ""
    request: Any = None
    future: "Future[Any] | asyncio.Future[Any]" = field(default_factory=Future)
    context: Context = field(default_factory=copy_context)

    def begins(self) -> bool:
        """Whether somebody still waits for it: a unit that was given up before its turn is not run."""
        if isinstance(self.future, Future):
            return self.future.set_running_or_notify_cancel()
        return not self.future.cancelled()


@dataclass(slots=True)
class Settled:
    """What a batch came to; told to the callers only once it is committed."""

    answers: list[tuple[Unit, Any]] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)

    def tell(self) -> None:
        for effect in self.effects:
            _run_effect(effect)
        loops = []
        for unit, answer in self.answers:
            if not isinstance(unit.future, Future):
                loops.append((unit.future, answer))
            elif isinstance(answer, BaseException):
                unit.future.set_exception(answer)
            else:
                unit.future.set_result(answer)
        tell_all(loops)


def _run_effect(effect: Effect) -> None:
    try:
        effect()
    except Exception:
        log.exception("after_commit_failed")


def after_commit(session: Session, effect: Effect) -> None:
    """Run `effect` once the unit is committed, in the writer's thread.

    It is short, and may be lost without harm: what must happen is a row.
    Raises RuntimeError outside a write unit.
    """
    if EFFECTS not in session.info:
        raise RuntimeError("after_commit belongs in a write unit")
    session.info[EFFECTS].append(effect)
