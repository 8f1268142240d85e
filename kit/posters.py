"""House posters: an event without a picture gets a drawing of its own, always the same for the same id.

Pure drawing: a ground in the accent, one of six patterns, a disc, an icon. 1 to 6 kB, no style, no script.
"""

import hashlib
import math
import re
from collections.abc import Callable
from functools import cache

from kit.assets import STATIC
from kit.colour import Oklch, safe, to_hex, to_oklch

WIDTH, HEIGHT = 800, 600
BULB, LINEN, INK, STAR = "#FFC93C", "#FAF9F5", "#1A2030", "#FFFFFF"
FALLBACK = "flag-pennant"
MIDDLE = (WIDTH // 2, HEIGHT // 2)
_SYMBOL = re.compile(r'<symbol id="([^"]+)" viewBox="[^"]+">(.*?)</symbol>', re.S)
Pattern = Callable[[str, int], str]


def poster(seed: str, accent: str, icon: str) -> str:
    """The SVG of the event known as `seed`, in a collective's "#RRGGBB" `accent`, with the icon of a tag."""
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8])
    pattern = PATTERNS[number % len(PATTERNS)]
    vivid = safe(accent).vivid
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}">{pattern(vivid, number // 6)}'
        f"{_disc(pattern, vivid, number // 12)}{_emblem(pattern, vivid, number // 12, icon)}</svg>"
    )


@cache
def drawings() -> dict[str, str]:
    """The inside of every icon that a poster may wear, by name."""
    sheets = (STATIC / "icons.svg", STATIC / "pictures.svg")
    return {name: shape for sheet in sheets for name, shape in _SYMBOL.findall(sheet.read_text("utf-8"))}


def rays(colour: str, number: int) -> str:
    """Twelve rays from the middle, as on a fair's poster."""
    turn = number % 30
    pale = _paler(colour, 0.13)
    wedges = "".join(_wedge(turn + 30 * at) for at in range(12))
    return f'{_ground(colour)}<path fill="{pale}" d="{wedges}"/>'


def gingham(colour: str, number: int) -> str:
    """A tablecloth: two sets of bands whose crossings are full."""
    step = (100, 80)[number % 2]
    across = "".join(f"M0 {y}h{WIDTH}v{step // 2}H0z" for y in range(0, HEIGHT, step))
    down = "".join(f"M{x} 0h{step // 2}v{HEIGHT}h-{step // 2}z" for x in range(0, WIDTH, step))
    bands = f'<path d="{across}"/><path d="{down}"/>'
    return f'{_ground(LINEN)}<g fill="{colour}" fill-opacity=".5">{bands}</g>'


def waves(colour: str, number: int) -> str:
    """Thick rings that grow from below, like a record or a hill."""
    x, y = MIDDLE[0] + (number % 5 - 2) * 40, HEIGHT + 60
    dark = _darker(colour, 0.16)
    rings = "".join(f'<circle cx="{x}" cy="{y}" r="{radius}"/>' for radius in range(120, 900, 150))
    return f'{_ground(colour)}<g fill="none" stroke="{dark}" stroke-width="75">{rings}</g>'


def dots(colour: str, number: int) -> str:
    """Dots in staggered rows."""
    radius = 9 + number % 4 * 2
    places = [(x + 40 * (y // 70 % 2), y) for y in range(35, HEIGHT, 70) for x in range(20, WIDTH + 40, 80)]
    drawn = "".join(
        f"M{x - radius} {y}a{radius} {radius} 0 1 0 {2 * radius} 0a{radius} {radius} 0 1 0-{2 * radius} 0"
        for x, y in places
    )
    return f'{_ground(colour)}<path fill="{LINEN}" fill-opacity=".55" d="{drawn}"/>'


def towel(colour: str, number: int) -> str:
    """The tea towel: thin, thick, thin, along both sides and across."""
    edge = 60 + number % 4 * 15
    down = "".join(_stripes(x) for x in (edge, WIDTH - edge - 76))
    across = "".join(_stripes(y, flat=True) for y in (edge // 2, HEIGHT - edge // 2 - 76))
    return f'{_ground(LINEN)}<path fill="{colour}" fill-opacity=".85" d="{down}{across}"/>'


def night(colour: str, number: int) -> str:
    """A dark sky, a few stars, a lit hill."""
    spots = [((number >> at) * 97 % WIDTH, (number >> at) * 61 % 420, 2 + at % 3 * 1.5) for at in range(26)]
    stars = "".join(f'<circle cx="{x}" cy="{y}" r="{size}"/>' for x, y, size in spots)
    left, right = 330 + number % 60, 360 + number % 90
    hill = f"M0 {HEIGHT}V{left + 190}L{MIDDLE[0]} {left}L{WIDTH} {right + 190}V{HEIGHT}z"
    return f'{_ground(INK)}<g fill="{STAR}">{stars}</g><path fill="{BULB}" fill-opacity=".9" d="{hill}"/>'


PATTERNS: tuple[Pattern, ...] = (rays, gingham, waves, dots, towel, night)


def _disc(pattern: Pattern, colour: str, number: int) -> str:
    return (
        f'<circle cx="{MIDDLE[0]}" cy="{MIDDLE[1]}" r="210" fill="{_disc_colour(pattern, colour, number)}"/>'
    )


def _disc_colour(pattern: Pattern, colour: str, number: int) -> str:
    if pattern is night:
        return colour
    if pattern in (gingham, dots):
        return LINEN
    return BULB if number % 3 else LINEN


def _emblem(pattern: Pattern, colour: str, number: int, name: str) -> str:
    """The icon, twice the size of a hand, in what reads best on the disc."""
    disc = _disc_colour(pattern, colour, number)
    tint = {LINEN: safe(colour).accent, BULB: INK}.get(disc, _on(disc))
    shape = drawings().get(name) or drawings()[FALLBACK]
    x, y = MIDDLE[0] - 128, MIDDLE[1] - 128
    return f'<g fill="{tint}" transform="translate({x} {y})">{shape}</g>'


def _on(colour: str) -> str:
    return INK if to_oklch(colour).lightness > 0.65 else LINEN


def _ground(colour: str) -> str:
    return f'<path fill="{colour}" d="M0 0h{WIDTH}v{HEIGHT}H0z"/>'


def _wedge(degrees: float) -> str:
    x, y = MIDDLE
    first, last = math.radians(degrees), math.radians(degrees + 15)
    ends = [(x + 620 * math.cos(angle), y + 620 * math.sin(angle)) for angle in (first, last)]
    return f"M{x} {y}L{ends[0][0]:.0f} {ends[0][1]:.0f}L{ends[1][0]:.0f} {ends[1][1]:.0f}z"


def _stripes(at: int, flat: bool = False) -> str:
    widths = ((0, 10), (20, 36), (66, 10))
    if flat:
        return "".join(f"M0 {at + step}h{WIDTH}v{thick}H0z" for step, thick in widths)
    return "".join(f"M{at + step} 0h{thick}v{HEIGHT}h-{thick}z" for step, thick in widths)


def _paler(colour: str, by: float) -> str:
    seen = to_oklch(colour)
    return to_hex(Oklch(min(0.97, seen.lightness + by), seen.chroma * 0.8, seen.hue))


def _darker(colour: str, by: float) -> str:
    seen = to_oklch(colour)
    return to_hex(Oklch(max(0.15, seen.lightness - by), seen.chroma, seen.hue))
