"""Small drawings and words made of shapes, for templates: icons, pennants, garlands, date plates.

Colours go in SVG attributes, so that no page needs an inline style; day and evening are two drawings of
which the stylesheet shows one.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from types import MappingProxyType

from babel.dates import format_date
from markupsafe import Markup, escape

from kit.assets import STATIC, static
from kit.colour import safe
from kit.i18n import language

FALLBACK = "flag-pennant"
BOLD_BELOW = 24
BULB = "#FFC93C"

# The six shapes of look.md, hung from y = 3 in a box of 24 by 26.
PENNANTS = (
    "M4 3h16v17H4z",
    "M4 3h16v20l-8-6-8 6z",
    "M4 3h16l-8 21z",
    "M4 3h16v12a8 8 0 0 1-16 0z",
    "M4 3h16v15l-4 6-4-6-4 6-4-6z",
    "M4 3h16v13l-8 8-8-8z",
)

# Words of the house that are not the icon's own name.
WORDS: Mapping[str, str] = MappingProxyType(
    {
        "agenda": "calendar-dots",
        "calendar": "calendar-dots",
        "event": "calendar-dots",
        "events": "calendar-dots",
        "village": "map-trifold",
        "map": "map-trifold",
        "place": "map-pin",
        "places": "map-pin",
        "people": "users",
        "person": "user-circle",
        "user": "user-circle",
        "settings": "gear",
        "home": "house",
        "help": "lifebuoy",
        "peer": "plugs-connected",
        "peers": "plugs-connected",
        "features": "puzzle-piece",
        "look": "palette",
        "audit": "scroll",
        "log": "scroll",
        "site": "browser",
        "sign-in": "sign-in",
        "edit": "pencil-simple",
        "pencil": "pencil-simple",
        "add": "plus",
        "search": "magnifying-glass",
        "close": "x",
        "cancel": "x-circle",
        "undo": "arrow-counter-clockwise",
        "wait": "hourglass",
        "mail": "envelope",
        "language": "translate",
        "tags": "tag",
        "pictures": "image",
        "lock": "lock-key",
        "list": "list",
        "share": "share-network",
        "pass": "contactless-payment",
        "volunteer": "hand-heart",
        "message": "chat-circle",
        "developer": "code",
        "online": "video-camera",
    }
)
# Bold twins that go by another name than the two-tone one.
_TWINS = {"hourglass": "hourglass-medium", "envelope": "envelope-simple", "lock-key": "lock-simple"}
_TWINS |= {bold: notion for notion, bold in _TWINS.items()}


@dataclass(frozen=True)
class Plate:
    """A date in pieces, in the reader's language: "sam.", "21", "nov.", and the whole day for a voice."""

    weekday: str
    number: str
    month: str
    full: str


@cache
def sheet(name: str) -> frozenset[str]:
    """The ids drawn in a sheet of `static/`: "icons.svg" or "pictures.svg"."""
    return frozenset(re.findall(r'<symbol id="([^"]+)"', (STATIC / name).read_text("utf-8")))


@lru_cache(maxsize=4096)
def icon(name: str, size: int = 20, label: str = "") -> Markup:
    """The drawing of a word: bold below 24 px, two-tone from there. Silent unless `label` says it."""
    voice = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="icon" width="{0}" height="{0}" {1}><use href="{2}"></use></svg>').format(
        size, voice, glyph(name, size)
    )


def glyph(name: str, size: int = 20) -> str:
    """The address of an icon for `<use>`. An unknown name shows the pennant, so that no page breaks."""
    word = WORDS.get(name, name)
    twin = _TWINS.get(word, word)
    small = [("icons.svg", f"b-{word}"), ("icons.svg", f"b-{twin}")]
    large = [("icons.svg", word), ("icons.svg", twin), ("pictures.svg", word)]
    for file, wanted in small + large if size < BOLD_BELOW else large + small:
        if wanted in sheet(file):
            return f"{static(file)}#{wanted}"
    return f"{static('icons.svg')}#{FALLBACK}"


def knows(name: str) -> bool:
    """Whether an icon of that name, or for that word, is drawn."""
    word = WORDS.get(name, name)
    twin = _TWINS.get(word, word)
    return bool({word, twin, f"b-{word}", f"b-{twin}"} & (sheet("icons.svg") | sheet("pictures.svg")))


def pictures() -> list[str]:
    """The names of the icons that tags, posters and collectives may wear."""
    return sorted(sheet("pictures.svg"))


@lru_cache(maxsize=4096)
def pennant(shape: int, colour: str, size: int = 18, letter: str = "") -> Markup:
    """A collective's pennant in its safe colours. `letter` names it on a map. Its name stands beside it."""
    tokens, outline = safe(colour), PENNANTS[shape % len(PENNANTS)]
    mark = Markup('<text x="12" y="15.5" text-anchor="middle">{}</text>').format(letter) if letter else ""
    return Markup(
        '<svg class="pennant" viewBox="0 0 24 26" width="{0}" height="{1}" aria-hidden="true">'
        '<path class="by-day" fill="{2}" d="{4}"></path><path class="by-evening" fill="{3}" d="{4}"></path>'
        '<path class="pole" d="M2 3h20"></path>{5}</svg>'
    ).format(size, round(size * 26 / 24), tokens.accent, tokens.evening_accent, outline, mark)


def garland(flags: Sequence[tuple[int, str]]) -> Markup:
    """Pennants `(shape, colour)` strung over the width of a page, once for phones and once for screens.

    A house alone hangs its colour and yellow bulbs, in every shape.
    """
    hung = tuple(flags) or tuple(
        enumerate(("#1F4BB8", "#D0122D", "#FF7A00", "#3F9A2A", "#7A2E8E", "#0E8C8C"))
    )
    return Markup('<div class="garland" aria-hidden="true">{}{}</div>').format(
        _string(hung, "narrow", 360, 8), _string(hung, "wide", 1280, 26)
    )


@lru_cache(maxsize=64)
def _string(flags: tuple[tuple[int, str], ...], kind: str, width: int, count: int) -> Markup:
    sag = 8 if kind == "narrow" else 24
    hung = [_hung(flags[at % len(flags)], (at + 0.45) / count, width, sag) for at in range(count)]
    return Markup(
        '<svg class="{0}" viewBox="0 0 {1} {2}" width="{1}" height="{2}" preserveAspectRatio="xMidYMin">'
        '{3}<path class="string" d="M0 2Q{4} {5} {1} 2"></path></svg>'
    ).format(kind, width, sag + 32, Markup("").join(hung), width // 2, 2 + 2 * sag)


def _hung(flag: tuple[int, str], along: float, width: int, sag: int) -> Markup:
    """One pennant at `along` (0 to 1) of a string that hangs as a parabola."""
    shape, colour = flag
    tokens, outline = safe(colour), PENNANTS[shape % len(PENNANTS)]
    turn = round((1 - 2 * along) * (5 if sag > 10 else 4), 1)
    fall = 2 + 4 * sag * along * (1 - along)
    place = f"translate({along * width:.0f} {fall:.1f})rotate({turn})translate(-12 -3)"
    return Markup(
        '<g transform="{0}"><path class="by-day" fill="{1}" d="{3}"></path>'
        '<path class="by-evening" fill="{2}" d="{3}"></path></g>'
    ).format(place, tokens.vivid, tokens.evening_accent, outline)


def plate(day: date | datetime) -> Plate:
    """The pieces of a date plate. A datetime is read in its own time zone."""
    return _plate(day.date() if isinstance(day, datetime) else day, language())


@lru_cache(maxsize=2048)
def _plate(day: date, code: str) -> Plate:
    return Plate(
        weekday=format_date(day, "EEE", locale=code),
        number=str(day.day),
        month=format_date(day, "MMM", locale=code),
        full=format_date(day, "EEEE d MMMM y", locale=code),
    )


def lines(text: str) -> Markup:
    """Plain text with its line breaks kept."""
    return Markup("<br>").join(escape(line) for line in text.splitlines())
