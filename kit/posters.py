"""House posters: an event without a picture gets a drawing of its own, always the same for the same id.

Pure drawing: a ground in the accent, one of six patterns, a disc, an icon. 1 to 6 kB, no style, no script.
"""

import hashlib
import math
import re
from collections.abc import Callable
from functools import cache
from random import Random

from kit.assets import STATIC
from kit.colour import Accent, contrast, safe

WIDTH, HEIGHT = 800, 600
BULB, LINEN, INK = "#FFC93C", "#FAF9F5", "#1A2030"
FALLBACK = "flag-pennant"
MIDDLE = (WIDTH // 2, HEIGHT // 2)
_SYMBOL = re.compile(r'<symbol id="([^"]+)" viewBox="[^"]+">(.*?)</symbol>', re.S)
Pattern = Callable[[Accent, int], str]


def poster(seed: str, accent: str, icon: str) -> str:
    """The SVG of the event known as `seed`, in a collective's "#RRGGBB" `accent`, with the icon of a tag.

    It fills any frame: the pattern covers it, the disc stays whole in the middle.
    """
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big")
    pattern, turn = PATTERNS[number % len(PATTERNS)], number // len(PATTERNS)
    emblem = _emblem(_disc(pattern, safe(accent), turn), accent, icon)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="100%">'
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="xMidYMid slice">'
        f"{pattern(safe(accent), turn)}</svg>"
        f'<svg viewBox="-250 -250 500 500">{emblem}</svg></svg>'
    )


@cache
def drawings() -> dict[str, str]:
    """The inside of every icon that a poster may wear, by name."""
    sheets = (STATIC / "icons.svg", STATIC / "pictures.svg")
    return {name: shape for sheet in sheets for name, shape in _SYMBOL.findall(sheet.read_text("utf-8"))}


def rays(colour: Accent, number: int) -> str:
    """Twelve rays from the middle, as on a fair's poster."""
    wedges = "".join(_wedge(number % 30 + 30 * at) for at in range(12))
    return f'{_ground(colour.accent)}<path fill="{LINEN}" fill-opacity=".25" d="{wedges}"/>'


def gingham(colour: Accent, number: int) -> str:
    """A tablecloth: two sets of bands whose crossings are full."""
    step = (150, 120)[number % 2]
    across = "".join(f"M0 {y}h{WIDTH}v{step // 2}H0z" for y in range(0, HEIGHT, step))
    down = "".join(f"M{x} 0h{step // 2}v{HEIGHT}h-{step // 2}z" for x in range(25, WIDTH, step))
    bands = f'<path d="{across}"/><path d="{down}"/>'
    return f'{_ground(LINEN)}<g fill="{colour.vivid}" fill-opacity=".5">{bands}</g>'


def waves(colour: Accent, number: int) -> str:
    """Thick rings that grow from below, like a record or a hill."""
    x, y = MIDDLE[0] + (number % 5 - 2) * 40, HEIGHT + 60
    rings = "".join(f'<circle cx="{x}" cy="{y}" r="{radius}"/>' for radius in range(120, 900, 150))
    dark, how = (INK, 0.35) if contrast(colour.accent, colour.vivid) < 1.7 else (colour.accent, 1)
    paint = f'fill="none" stroke="{dark}" stroke-opacity="{how}" stroke-width="75"'
    return f"{_ground(colour.vivid)}<g {paint}>{rings}</g>"


def dots(colour: Accent, number: int) -> str:
    """Dots in staggered rows."""
    radius = 9 + number % 4 * 2
    places = [(x + 40 * (y // 70 % 2), y) for y in range(35, HEIGHT, 70) for x in range(20, WIDTH + 40, 80)]
    drawn = "".join(f"M{x} {y}h.1" for x, y in places)
    paint = f'stroke="{LINEN}" stroke-opacity=".55" stroke-linecap="round" stroke-width="{2 * radius}"'
    return f'{_ground(colour.accent)}<path {paint} d="{drawn}"/>'


def towel(colour: Accent, number: int) -> str:
    """The tea towel: thin, thick, thin, along both sides and across."""
    edge = 110 + number % 4 * 15
    down = "".join(_stripes(x) for x in (edge, WIDTH - edge - 76))
    across = "".join(_stripes(y, is_flat=True) for y in (edge // 2, HEIGHT - edge // 2 - 76))
    return f'{_ground(LINEN)}<path fill="{colour.accent}" fill-opacity=".8" d="{down}"/>' + (
        f'<path fill="{colour.accent}" fill-opacity=".8" d="{across}"/>'
    )


def night(colour: Accent, number: int) -> str:
    """A dark sky, a few stars, a lit hill in front."""
    chance = Random(number)  # noqa: S311 - decoration only
    spots = [(chance.randrange(WIDTH), chance.randrange(420), 2 + at % 3) for at in range(34)]
    stars = "".join(f'<circle cx="{x}" cy="{y}" r="{size}"/>' for x, y, size in spots)
    left, right = 520 + number % 60, 520 + number % 70
    hill = f"M0 {left}L{MIDDLE[0]} 330L{WIDTH} {right}V{HEIGHT}H0z"
    return f'{_ground(INK)}<g fill="#fff">{stars}</g><path fill="{BULB}" fill-opacity=".9" d="{hill}"/>'


PATTERNS: tuple[Pattern, ...] = (rays, gingham, waves, dots, towel, night)


def _disc(pattern: Pattern, colour: Accent, number: int) -> str:
    """The colour of the disc: what stands out from the pattern."""
    if pattern is night:
        return colour.accent
    if pattern in (gingham, dots):
        return LINEN
    return BULB if number % 3 else LINEN


def _emblem(disc: str, accent: str, name: str) -> str:
    """The disc and its icon, in what reads best on it."""
    tint = {LINEN: safe(accent).accent, BULB: INK}.get(disc, LINEN)
    shape = drawings().get(name) or drawings()[FALLBACK]
    return f'<circle r="210" fill="{disc}"/><g fill="{tint}" transform="translate(-128 -128)">{shape}</g>'


def _ground(colour: str) -> str:
    return f'<path fill="{colour}" d="M0 0h{WIDTH}v{HEIGHT}H0z"/>'


def _wedge(degrees: float) -> str:
    x, y = MIDDLE
    first, last = math.radians(degrees), math.radians(degrees + 15)
    ends = [(x + 620 * math.cos(angle), y + 620 * math.sin(angle)) for angle in (first, last)]
    return f"M{x} {y}L{ends[0][0]:.0f} {ends[0][1]:.0f}L{ends[1][0]:.0f} {ends[1][1]:.0f}z"


def _stripes(at: int, is_flat: bool = False) -> str:
    widths = ((0, 10), (20, 36), (66, 10))
    if is_flat:
        return "".join(f"M0 {at + step}h{WIDTH}v{thick}H0z" for step, thick in widths)
    return "".join(f"M{at + step} 0h{thick}v{HEIGHT}h-{thick}z" for step, thick in widths)
