"""What msgspec says of a value that does not fit, in words for people: its own are for programmers.

One table for forms, JSON bodies and commands; what it does not know is said in the most general words.
"""

import re
from typing import Final

from kit.i18n import Lazy, lazy

UNKNOWN: Final = re.compile(r"Object contains unknown field `(?P<name>.*)`", re.DOTALL)
MISSING: Final = re.compile(r"Object missing required field `(?P<name>.*)`", re.DOTALL)
PLACE: Final = re.compile(r"(?P<said>.*?)(?: - at (?:`key` in )?`\$(?P<where>[^`]*)`)?", re.DOTALL)
LONGEST_NAME: Final = 200
NOBODY_KNOWS: Final = lazy("Nobody knows this field.")
FILL_IN: Final = lazy("I fill in this field.")
OTHERWISE: Final = lazy("This is not written as expected.")

MOMENT: Final = lazy("A moment with its zone, such as 2027-05-01T18:00:00+02:00.")
DAY: Final = lazy("A day, such as 2027-05-01.")
ID: Final = lazy("An id, as the node gave it.")
SHAPES: Final[dict[str, Lazy]] = {
    "int": lazy("A whole number."),
    "float": lazy("A number."),
    "decimal": lazy("A number."),
    "str": lazy("A text."),
    "bool": lazy("Yes or no: true or false."),
    "array": lazy("A list."),
    "object": lazy("An object with its fields."),
    "uuid": ID,
    "datetime": MOMENT,
    "date": DAY,
}
"""What is expected, by its name in the words of msgspec."""
SAID: Final[tuple[tuple[re.Pattern[str], Lazy], ...]] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"^Expected `datetime` with a timezone", MOMENT),
        (r"^Invalid enum value", lazy("I choose one of the answers of the list.")),
        (r"^Invalid UUID", ID),
        (r"^Invalid RFC3339 encoded datetime", MOMENT),
        (r"^Invalid RFC3339 encoded date$", DAY),
        (r"`(?:str|bytes)` of length <= (\d+)", lazy("This text is too long: {limit} characters at most.")),
        (r"`(?:str|bytes)` of length >= 1$", FILL_IN),
        (r"`(?:str|bytes)` of length >= (\d+)", lazy("This text is too short: {limit} characters at least.")),
        (r"of length <= (\d+)", lazy("There are too many: {limit} at most.")),
        (r"of length >= (\d+)", lazy("There are too few: {limit} at least.")),
        (r">=? (-?[\d.]+)$", lazy("This number is too small: {limit} at least.")),
        (r"<=? (-?[\d.]+)$", lazy("This number is too large: {limit} at most.")),
        (r"out of range", lazy("This number is outside of what is possible.")),
    )
)


def field_and_words(error: Exception, whole: str) -> tuple[str, str]:
    """Which field a msgspec.ValidationError is about (`whole` when it is none), and a sentence for it."""
    found = PLACE.fullmatch(str(error))
    where = (found["where"] or "").lstrip(".") if found else ""
    said = found["said"] if found else ""
    before = f"{where}." if where else ""
    if unknown := UNKNOWN.fullmatch(said):
        return before + unknown["name"][:LONGEST_NAME], str(NOBODY_KNOWS)
    if missing := MISSING.fullmatch(said):
        return before + missing["name"], str(FILL_IN)
    return where[:LONGEST_NAME] or whole, words_of(said)


def words_of(said: str) -> str:
    """A sentence for what msgspec says of one value, without its place, in the language of the reader."""
    for pattern, words in SAID:
        if found := pattern.search(said):
            return str(words).format(limit=found[1]) if found.lastindex else str(words)
    expected = re.match(r"Expected `(\w+)[^`]*`(?:, got|$)", said)
    return str(SHAPES.get(expected[1], OTHERWISE) if expected else OTHERWISE)
