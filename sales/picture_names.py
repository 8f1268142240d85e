"""How the files of products' pictures are called, and where browsers find them."""

import re
from typing import Final

SIDES: Final = (160, 480)
"""Pixels: a tile of the till, and the same on a dense screen."""
NAME: Final = re.compile(r"[0-9a-f]{32}-(?:160|480)\.webp")
NAME_LENGTH: Final = 32


def file_name(name: str, side: int) -> str:
    """The file of one side."""
    return f"{name}-{side}.webp"


def picture_path(name: str, side: int = SIDES[0]) -> str:
    """The address of a stored picture; empty without a name."""
    return f"/files/products/{file_name(name, side)}" if name else ""
