"""A drawn map of a few places: hills, a river, roads between them, a pennant for each. No tiles, no script.

Distances are true in direction and proportion, not in scale; neighbours too close to read are moved apart.
"""

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from markupsafe import Markup

from kit.colour import safe
from kit.drawings import PENNANTS

SIZE = 640
MARGIN = 100
APART = 84
Spot = tuple[float, float]


@dataclass(frozen=True)
class Stop:
    """A place on the map. Coordinates are WGS 84 degrees, None when unknown (then it is left out)."""

    letter: str
    shape: int
    colour: str
    town: str
    latitude: float | None
    longitude: float | None


def drawn_map(stops: Sequence[Stop], seed: str = "") -> Markup:
    """The map as inline SVG; empty when nothing can be placed. The list beside it says the same in words."""
    known = [stop for stop in stops if stop.latitude is not None and stop.longitude is not None]
    if not known:
        return Markup("")
    spots = _apart(_placed(known))
    chance = Random(hashlib.sha256(seed.encode()).hexdigest())  # noqa: S311 - decoration only
    layers = (
        _land(chance),
        _roads(spots, chance),
        _scenery(spots, chance),
        _towns(known, spots),
        "".join(_flag(stop, spot) for stop, spot in zip(known, spots, strict=True)),
    )
    return Markup('<svg class="map" viewBox="0 0 {0} {0}" aria-hidden="true">{1}</svg>').format(
        SIZE,
        Markup("").join(Markup(layer) for layer in layers),  # noqa: S704 - numbers and escaped names
    )


def _placed(stops: Sequence[Stop]) -> list[Spot]:
    """Degrees to the square of the drawing, north up."""
    north = [stop.latitude or 0.0 for stop in stops]
    stretch = math.cos(math.radians(sum(north) / len(north)))
    east = [(stop.longitude or 0.0) * stretch for stop in stops]
    wide = max(max(east) - min(east), max(north) - min(north)) or 1.0
    scale = (SIZE - 2 * MARGIN) / wide
    middle_x, middle_y = (max(east) + min(east)) / 2, (max(north) + min(north)) / 2
    return [
        (SIZE / 2 + (x - middle_x) * scale, SIZE / 2 - (y - middle_y) * scale)
        for x, y in zip(east, north, strict=True)
    ]


def _apart(spots: list[Spot]) -> list[Spot]:
    """Push neighbours away from each other until pennants do not hide one another."""
    for _ in range(60):
        for one in range(len(spots)):
            for other in range(one):
                spots[one], spots[other] = _pushed(spots[one], spots[other], one)
    return spots


def _pushed(one: Spot, other: Spot, turn: int) -> tuple[Spot, Spot]:
    x, y = one[0] - other[0], one[1] - other[1]
    distance = math.hypot(x, y)
    if distance >= APART:
        return one, other
    if distance < 1:
        x, y, distance = math.cos(turn * 2.4), math.sin(turn * 2.4), 1.0
    step = (APART - distance) / 4 / distance
    return _inside((one[0] + x * step, one[1] + y * step)), _inside(
        (other[0] - x * step, other[1] - y * step)
    )


def _inside(spot: Spot) -> Spot:
    low, high = MARGIN * 0.7, SIZE - MARGIN * 0.6
    return min(max(spot[0], low), high), min(max(spot[1], low), high)


def _land(chance: Random) -> str:
    hills = "".join(
        f'<ellipse cx="{x + chance.randint(-60, 60)}" cy="{y + chance.randint(-60, 60)}" '
        f'rx="{chance.randint(150, 230)}" ry="{chance.randint(110, 180)}"/>'
        for x, y in ((60, 40), (SIZE - 40, 90), (40, SIZE - 20), (SIZE - 80, SIZE - 20))
    )
    start, end, bend = chance.randint(200, 320), chance.randint(330, 460), chance.randint(60, 140)
    river = f"M-20 {start}C160 {start + bend} 220 {end - bend} 330 {end}S520 {end - bend} 660 {end - 40}"
    return (
        f'<path class="land" d="M0 0h{SIZE}v{SIZE}H0z"/><g class="hill">{hills}</g>'
        f'<path class="bank" d="{river}"/><path class="river" d="{river}"/>'
    )


def _roads(spots: Sequence[Spot], chance: Random) -> str:
    """The shortest net of roads that joins every place, and two that leave the map."""
    joined, pieces = [0], []
    while len(joined) < len(spots):
        near, far = min(
            ((a, b) for a in joined for b in range(len(spots)) if b not in joined),
            key=lambda pair: math.dist(spots[pair[0]], spots[pair[1]]),
        )
        joined.append(far)
        pieces.append(_road(spots[near], spots[far], chance))
    for edge in ((chance.randint(120, 520), -20), (chance.randint(120, 520), SIZE + 20)):
        nearest = min(spots, key=lambda spot: math.dist(spot, edge))
        pieces.append(_road(nearest, edge, chance))
    path = "".join(pieces)
    return f'<path class="road-edge" d="{path}"/><path class="road" d="{path}"/>'


def _road(start: Spot, end: Spot, chance: Random) -> str:
    x, y = (
        (start[0] + end[0]) / 2 + chance.randint(-34, 34),
        (start[1] + end[1]) / 2 + chance.randint(-34, 34),
    )
    return f"M{start[0]:.0f} {start[1]:.0f}Q{x:.0f} {y:.0f} {end[0]:.0f} {end[1]:.0f}"


def _scenery(spots: Sequence[Spot], chance: Random) -> str:
    houses = (
        (x + side * chance.randint(30, 52), y + chance.randint(-6, 14)) for x, y in spots for side in (-1, 1)
    )
    drawn = "".join(
        f'<g transform="translate({x:.0f} {y:.0f})"><path class="wall" d="M-7 0h14v11h-14z"/>'
        f'<path class="roof" d="M-10 1L0-9 10 1z"/></g>'
        for x, y in houses
    )
    return drawn + "".join(
        f'<g transform="translate({x} {y})"><path class="trunk" d="M-1.5 4h3v12h-3z"/>'
        f'<path class="tree" d="M0-12q10 6 8 15-8 6-16 0-2-9 8-15z"/></g>'
        for x, y in _trees(spots, chance)
    )


def _trees(spots: Sequence[Spot], chance: Random) -> Iterator[tuple[int, int]]:
    for _ in range(46):
        spot = chance.randint(20, SIZE - 20), chance.randint(20, SIZE - 30)
        is_wild = spot[1] < 170 or spot[1] > SIZE - 150
        if is_wild and all(math.dist(spot, place) > 72 for place in spots):
            yield spot


def _towns(stops: Sequence[Stop], spots: Sequence[Spot]) -> str:
    """Each town's name once, under its lowest place."""
    lowest: dict[str, Spot] = {}
    for stop, spot in zip(stops, spots, strict=True):
        if stop.town and (stop.town not in lowest or spot[1] > lowest[stop.town][1]):
            lowest[stop.town] = spot
    names = (
        Markup('<text class="town" x="{:.0f}" y="{:.0f}">{}</text>').format(x, y + 46, town)
        for town, (x, y) in lowest.items()
    )
    return Markup("").join(names)


def _flag(stop: Stop, spot: Spot) -> str:
    tokens, outline = safe(stop.colour), PENNANTS[stop.shape % len(PENNANTS)]
    return Markup(
        '<g class="flag" transform="translate({0:.0f} {1:.0f})"><ellipse class="foot" rx="7" ry="3"/>'
        '<path class="mast" d="M0 0v-62"/><g transform="translate(-4 -67)scale(1.9)">'
        '<path class="by-day" fill="{2}" d="{4}"/><path class="by-evening" fill="{3}" d="{4}"/>'
        '<text x="12" y="15.5" text-anchor="middle">{5}</text></g></g>'
    ).format(spot[0], spot[1], tokens.accent, tokens.evening_accent, outline, stop.letter)
