"""Lines of CSV that a spreadsheet may open without harm."""

import csv
import io
from collections.abc import Iterable
from typing import Final

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """A text that a spreadsheet would run as a formula begins with a quote instead (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(FORMULA) else text


def as_written(text: str) -> str:
    """What `harmless` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def csv_line(cells: Iterable[object]) -> bytes:
    """One line as RFC 4180 says. Words that people wrote go through `harmless` first."""
    held = io.StringIO()
    csv.writer(held).writerow(cells)
    return held.getvalue().encode()
