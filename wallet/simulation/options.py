"""What one seed plays: how large the village is, what people do there, and what breaks."""

from random import Random
from typing import Final

from msgspec import Struct

SECOND: Final = 1_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
LONGEST_DELAY: Final = MINUTE
HEALED: Final = 5 * MINUTE
"""Within it, everything is final once the faults have stopped (I17)."""


CONTESTED: Final = 0.4
"""Share of evenings at which lines are contested."""


class Options(Struct, frozen=True, kw_only=True):
    """Drawn from the seed. Shares are from 0 to 1, times milliseconds."""

    nodes: int
    people: int
    evening: int
    """How long people pay while things break."""
    pace: int
    """Between two acts of all people together, on average."""
    loss: float
    duplication: float
    slow: float
    """Share of envelopes that take up to a minute."""
    is_grouped: bool
    """Whether items for one peer share an envelope; otherwise each travels, and is lost, alone."""
    is_sealed: bool
    """Whether envelopes are written, signed and opened as on the wire."""
    crashes: int
    cuts: int
    jumps: int
    """How often a clock jumps."""
    has_night: bool
    """A day passes in the middle, with one node down or cut off through it."""
    has_liar: bool
    is_indebted: bool
    """Debts are settled all the time, and much is brought back, while payments are in doubt."""
    is_contested: bool
    """People contest what was paid. Drawn apart, so that the other evenings stay what they were."""
    is_strict: bool
    """Low limits, that people reach."""
    offline: float
    """How readily tills accept under a grant."""
    refills: bool
    beat: int


def draw(seed: int) -> Options:
    """The options of this seed."""
    chance = Random(f"options {seed}")  # noqa: S311 - a seed is to be repeated
    calm = chance.random() < 0.12
    return Options(
        nodes=chance.randint(3, 6),
        people=chance.randint(3, 9),
        evening=chance.randint(3, 7) * MINUTE,
        pace=chance.choice((900, 1_500, 2_500)),
        loss=0.0 if calm else chance.choice((0.0, 0.05, 0.2, 0.35, 0.5)),
        duplication=0.0 if calm else chance.choice((0.0, 0.1, 0.3)),
        slow=0.0 if calm else chance.choice((0.0, 0.02, 0.1, 0.3)),
        is_grouped=chance.random() < 0.7,
        is_sealed=chance.random() < 0.25,
        crashes=0 if calm else chance.choice((0, 2, 5, 12)),
        cuts=0 if calm else chance.choice((0, 1, 3, 8)),
        jumps=0 if calm else chance.choice((0, 0, 2, 5)),
        has_night=chance.random() < 0.3,
        has_liar=chance.random() < 0.3,
        is_indebted=not calm and chance.random() < 0.25,
        is_contested=Random(f"contested {seed}").random() < CONTESTED,  # noqa: S311
        is_strict=chance.random() < 0.35,
        offline=chance.choice((0.0, 0.6, 0.9, 1.0)),
        refills=chance.random() < 0.8,
        beat=chance.choice((10, 20, 40)) * SECOND,
    )
