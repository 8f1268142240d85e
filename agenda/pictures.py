"""Pictures of events: whatever people upload becomes three small WebP files without a word of metadata.

Runs before the write, never inside the writer. Pixels are capped before decoding (decompression bombs).
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from kit.errors import Invalid
from kit.i18n import lazy
from kit.pictures import MOST_BYTES, open_picture, within

WIDTHS = (360, 800, 1600)
__all__ = ["MOST_BYTES", "WIDTHS", "AltMissing", "Resized", "file_name", "resize", "store"]


class AltMissing(Invalid):
    name = "alt_missing"
    default = lazy("I say in one sentence what the picture shows, for people who cannot see it.")


@dataclass(frozen=True)
class Resized:
    """A picture ready to be stored: `name` comes from its content, `files` go from width to WebP bytes."""

    name: str
    files: dict[int, bytes]


def resize(data: bytes) -> Resized:
    """Read, turn upright, shrink to each width. Raises PictureTooLarge or NotAPicture (kit.pictures)."""
    image = open_picture(data, WIDTHS[-1])
    files = {width: within(image, width, width * 4) for width in WIDTHS}
    return Resized(hashlib.sha256(data).hexdigest()[:32], files)


def store(picture: Resized, folder: Path) -> str:
    """Write the files and return the picture's name. The same picture twice is one set of files."""
    folder.mkdir(parents=True, exist_ok=True)
    for width, content in picture.files.items():
        path = folder / file_name(picture.name, width)
        if not path.exists():
            partial = path.with_suffix(".part")
            partial.write_bytes(content)
            partial.replace(path)
    return picture.name


def file_name(name: str, width: int) -> str:
    """The file of one width; only names of 32 hexadecimal digits are ever asked for."""
    return f"{name}-{width}.webp"
