"""QR codes as one SVG path, for screens and paper."""

import segno
from msgspec import Struct


class Drawn(Struct, frozen=True):
    """A QR code: `side` in squares with its quiet zone, and the black ones as a `path` of unit squares."""

    side: int
    path: str


def qr_path(address: str) -> Drawn:
    """The QR code of an address."""
    rows = list(segno.make(address, error="m", micro=False).matrix_iter(border=4))
    runs = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, black in enumerate(row) if black)
    return Drawn(len(rows), "".join(runs))
