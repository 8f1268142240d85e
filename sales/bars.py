"""Bars of a chart: how long each is, beside the longest, for drawings that the server writes itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

PATTERNS: Final = ("solid", "hatch", "dots")
WHOLE: Final = 100.0
STEPS: Final = (1, 2, 5)
MOST_LINES: Final = 4


@dataclass(frozen=True)
class Bar:
    """One bar: its words, its value in cents, its pattern, and what is said beside it.

    `share` is its length in percent of the longest; nothing is drawn below zero.
    """

    label: str
    value: int
    pattern: str = "solid"
    note: str = ""
    share: float = 0.0


def drawn(bars: Sequence[Bar]) -> list[Bar]:
    """The same bars with their lengths."""
    return drawn_under(bars, max((one.value for one in bars), default=0))


def drawn_under(bars: Sequence[Bar], top: int) -> list[Bar]:
    """The same bars, beside a value that is as long as the drawing."""
    return [Bar(one.label, one.value, one.pattern, one.note, share(one.value, top)) for one in bars]


def share(value: int, top: int) -> float:
    """In percent, never below zero."""
    return round(max(value, 0) * WHOLE / top, 2) if top > 0 else 0.0


def lines(most: int) -> list[int]:
    """Round values, in cents, for the lines behind the bars: [0, 20000, 40000, 60000] up to above `most`."""
    if most <= 0:
        return [0]
    step = WHOLE
    while True:
        for times in STEPS:
            size = int(step * times)
            if most <= size * MOST_LINES:
                return [size * at for at in range(-(-most // size) + 1)]
        step *= 10
