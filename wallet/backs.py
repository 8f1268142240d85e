"""The backs of a batch of cards as one file for a printer: a page for each card, QR code and number on it.

Pages are ISO/IEC 7810 ID-1 cards (85.6 × 54 mm) with 3 mm around to be cut off. Nothing stands nearer than
4 mm to the cut. The makers of PDF files and QR codes are loaded when the first file is asked for.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import TYPE_CHECKING, Final

from kit.assets import STATIC
from kit.i18n import _
from wallet.cards.number import shown_number

if TYPE_CHECKING:
    from fpdf import FPDF

WIDTH, HEIGHT, CUT, SAFE = 85.6, 54.0, 3.0, 4.0
CODE_SIDE: Final = 32.0
FONT: Final = STATIC / "fonts" / "atkinson-next-600.ttf"
FACE: Final = "Atkinson"
INK: Final = (26, 32, 48)
LONG: Final = 26
LONGEST_NAME: Final = 70
LONGEST_SITE: Final = 45
LEFT: Final = CUT + SAFE
BAND: Final = ((0.0, 1.0), (2.0, 4.0), (7.0, 1.0))
"""The three stripes of the house: where each begins and how high it is, in millimetres."""


@dataclass(frozen=True)
class Back:
    """What one card says: its number, the address in its QR code."""

    number: str
    address: str


@dataclass(frozen=True)
class Look:
    """Whose cards they are: name, colour "#RRGGBB", where to ask, maybe the bytes of their own picture."""

    name: str
    accent: str
    website: str
    picture: bytes | None = None


def backs_file(backs: Sequence[Back], look: Look) -> bytes:
    """The PDF file. Texts are in the language of whoever asks."""
    from fpdf import FPDF

    pdf = FPDF(unit="mm", format=(WIDTH + 2 * CUT, HEIGHT + 2 * CUT))
    pdf.set_auto_page_break(False)
    pdf.set_margin(0)
    pdf.set_title(look.name)
    pdf.add_font(FACE, fname=FONT)
    for back in backs:
        pdf.add_page()
        _draw_ground(pdf, look)
        _draw_words(pdf, back, look)
        _draw_code(pdf, back.address)
    return bytes(pdf.output())


def _draw_ground(pdf: "FPDF", look: Look) -> None:
    if look.picture:
        pdf.image(io.BytesIO(look.picture), 0, 0, pdf.w, pdf.h)
        pdf.set_fill_color(255, 255, 255)
        pdf.rect(CUT + 2, CUT + HEIGHT - CODE_SIDE - 9, WIDTH - 4, CODE_SIDE + 7, style="F")
        return
    accent = look.accent.lstrip("#")
    pdf.set_fill_color(*bytes.fromhex(accent))
    for top, height in BAND:
        pdf.rect(0, CUT + 2 + top, pdf.w, height, style="F")


def _draw_words(pdf: "FPDF", back: Back, look: Look) -> None:
    wide = WIDTH - 2 * SAFE - CODE_SIDE - 3
    top = CUT + HEIGHT - SAFE - CODE_SIDE
    pdf.set_text_color(*INK)
    _write(
        pdf, shorten(look.name, LONGEST_NAME, placeholder="…"), 12 if len(look.name) < LONG else 8, top, wide
    )
    _write(pdf, _("My Pass card"), 9, pdf.get_y() + 1, wide)
    _write(pdf, shown_number(back.number), 15 if len(back.number) < LONG / 2 else 8, top + 17, wide)
    told = _("Lost? I declare it on {website} or at the desk.").format(website=look.website[:LONGEST_SITE])
    _write(pdf, told, 6.5, top + 25, wide)


def _write(pdf: "FPDF", text: str, size: float, top: float, wide: float) -> None:
    pdf.set_font(FACE, size=size)
    pdf.set_xy(LEFT, top)
    pdf.multi_cell(wide, size * 0.42, text, align="L")


def _draw_code(pdf: "FPDF", address: str) -> None:
    """Black squares, drawn as runs; the quiet zone of four squares is left around (ISO/IEC 18004 §5.3.8)."""
    import segno

    rows = list(segno.make(address, error="m", micro=False).matrix_iter(border=4))
    side = CODE_SIDE / len(rows)
    left, top = CUT + WIDTH - SAFE - CODE_SIDE, CUT + HEIGHT - SAFE - CODE_SIDE
    pdf.set_fill_color(255, 255, 255)
    pdf.rect(left, top, CODE_SIDE, CODE_SIDE, style="F")
    pdf.set_fill_color(0, 0, 0)
    for y, row in enumerate(rows):
        for start, length in _runs(bytes(row)):
            pdf.rect(left + start * side, top + y * side, length * side, side, style="F")


def _runs(row: bytes) -> list[tuple[int, int]]:
    """Where black begins in a row, and for how many squares."""
    runs: list[tuple[int, int]] = []
    for at, is_black in enumerate(row):
        if is_black and runs and sum(runs[-1]) == at:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        elif is_black:
            runs.append((at, 1))
    return runs
