"""Protocol bugs planted on purpose: each replaces a function of the rules from outside, in one process.

The invariants must catch every one of them. A mutant that survives shows a hole in what people do in the
simulated evening, not a mutant to be left out.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from msgspec import Struct

Plant = Callable[[], Iterator[tuple[Any, str, Any]]]
"""What to replace: (where, which, by what); `where` is a module, a class or a table."""


class Mutant(Struct, frozen=True):
    """`what` is the bug, in words."""

    name: str
    what: str
    plant: Plant


MUTANTS: Final[dict[str, Mutant]] = {}


def mutant(what: str) -> Callable[[Plant], Plant]:
    """Register a bug; its name is the function's."""

    def register(plant: Plant) -> Plant:
        name = plant.__name__.replace("_", "-")
        MUTANTS[name] = Mutant(name, what, plant)
        return plant

    return register


@contextmanager
def planted(name: str) -> Iterator[None]:
    """The rules with that bug, until the end of the block; "" plants nothing. Raises KeyError."""
    kept: list[tuple[Any, str, Any]] = []
    try:
        for where, which, by in MUTANTS[name].plant() if name else ():
            kept.append((where, which, _get(where, which)))
            _set(where, which, by)
        yield
    finally:
        for where, which, before in reversed(kept):
            _set(where, which, before)


def _get(where: Any, which: Any) -> Any:
    return where.get(which) if isinstance(where, dict) else getattr(where, which)


def _set(where: Any, which: Any, value: Any) -> None:
    if not isinstance(where, dict):
        setattr(where, which, value)
    elif value is None:
        where.pop(which, None)
    else:
        where[which] = value
