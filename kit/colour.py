"""One colour chosen by people, six that are safe to read: lightness moves in OKLCH until contrast is enough.

OKLCH is Björn Ottosson's OKLab in polar form (CSS Color 4, §9.4); contrast is the ratio of WCAG 2.2, 1.4.3.
"""

import math
import re
from dataclasses import dataclass
from functools import lru_cache

CARD, SUNK = "#FFFFFF", "#EFEDE4"
EVENING_CARD, EVENING_INK = "#1D2427", "#14191B"
DEFAULT = "#1F4BB8"
_HEX = re.compile(r"#[0-9A-Fa-f]{6}")
_STEP = 0.005
_ROUNDING = 0.0002


@dataclass(frozen=True)
class Oklch:
    """A colour by lightness (0 to 1), chroma (0 to about 0.37) and hue (radians)."""

    lightness: float
    chroma: float
    hue: float


@dataclass(frozen=True)
class Accent:
    """What the screens use of the colour a collective chose, by day and in the evening: "#RRGGBB" each."""

    accent: str
    soft: str
    on_accent: str
    vivid: str
    evening_accent: str
    evening_soft: str
    on_evening_accent: str


def is_colour(text: str) -> bool:
    """Whether `text` is "#RRGGBB"."""
    return _HEX.fullmatch(text) is not None


@lru_cache(maxsize=1024)
def safe(colour: str) -> Accent:
    """The tokens of a chosen "#RRGGBB"; anything else is read as the house's plate blue."""
    chosen = to_oklch(colour if is_colour(colour) else DEFAULT)
    return Accent(
        accent=_day(chosen),
        soft=to_hex(Oklch(0.955, min(chosen.chroma, 0.035), chosen.hue)),
        on_accent=CARD,
        vivid=to_hex(Oklch(min(max(chosen.lightness, 0.45), 0.80), chosen.chroma, chosen.hue)),
        evening_accent=_evening(chosen),
        evening_soft=to_hex(Oklch(0.31, min(chosen.chroma, 0.05), chosen.hue)),
        on_evening_accent=EVENING_INK,
    )


def theme_css(accent: str) -> str:
    """The stylesheet that dresses a page in a chosen "#RRGGBB": custom properties, day and evening."""
    tokens = safe(accent)
    day = (
        f"--accent:{tokens.accent};--accent-soft:{tokens.soft};"
        f"--on-accent:{tokens.on_accent};--accent-vivid:{tokens.vivid}"
    )
    evening = (
        f"--accent:{tokens.evening_accent};--accent-soft:{tokens.evening_soft};"
        f"--on-accent:{tokens.on_evening_accent};--accent-vivid:{tokens.vivid}"
    )
    return (
        f":root{{{day}}}\n"
        f"@media (prefers-color-scheme:dark){{:root:not([data-theme=day]){{{evening}}}}}\n"
        f":root[data-theme=evening]{{{evening}}}\n"
    )


def contrast(one: str, other: str) -> float:
    """The WCAG ratio between two "#RRGGBB", from 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def to_oklch(colour: str) -> Oklch:
    """Read "#RRGGBB" as lightness, chroma, hue."""
    red, green, blue = (_linear(part) for part in _parts(colour))
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    return Oklch(lightness, math.hypot(a, b), math.atan2(b, a))


def to_hex(colour: Oklch) -> str:
    """Write a colour as "#RRGGBB"; what a screen cannot show loses chroma, never hue."""
    chroma = colour.chroma
    while chroma > 0 and not _shown(_to_linear(colour.lightness, chroma, colour.hue)):
        chroma = max(0.0, chroma - 0.002)
    parts = _to_linear(colour.lightness, chroma, colour.hue)
    return "#" + "".join(f"{round(255 * _encoded(min(1.0, max(0.0, part)))):02X}" for part in parts)


def _day(chosen: Oklch) -> str:
    chroma, lightness = min(chosen.chroma, 0.19), min(chosen.lightness, 0.62)
    while contrast(text := to_hex(Oklch(lightness, chroma, chosen.hue)), SUNK) < 5.5:
        lightness -= _STEP
    return text


def _evening(chosen: Oklch) -> str:
    chroma, lightness = min(chosen.chroma, 0.13), max(chosen.lightness, 0.70)
    while contrast(text := to_hex(Oklch(lightness, chroma, chosen.hue)), EVENING_CARD) < 7:
        lightness += _STEP
    return text


def _parts(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _encoded(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


def _shown(parts: tuple[float, float, float]) -> bool:
    return all(-_ROUNDING <= part <= 1 + _ROUNDING for part in parts)


def _to_linear(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
