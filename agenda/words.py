"""Texts made comparable: folded for search and for twins, plain for addresses."""

import re
import unicodedata

LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "’": " ", "'": " ", "ß": "ss"})
NOT_WORD = re.compile(r"[\W_]+")
LONGEST_SLUG = 72


def fold(text: str) -> str:
    """`text` as search compares it: no accents, no capitals, no punctuation, single spaces."""
    spread = unicodedata.normalize("NFKD", text.translate(LIGATURES)).casefold()
    bare = "".join(letter for letter in spread if not unicodedata.combining(letter))
    return NOT_WORD.sub(" ", bare).strip()


def slugify(text: str, otherwise: str = "x") -> str:
    """`text` as a piece of an address: "Bal folk : l'été" gives "bal-folk-l-ete"."""
    ascii_only = fold(text).encode("ascii", "ignore").decode()
    slug = "-".join(ascii_only.split())[:LONGEST_SLUG].strip("-")
    return slug or otherwise


def search_words(text: str, most: int = 6) -> list[str]:
    """The folded words of what someone typed in a search field."""
    return fold(text[:200]).split()[:most]
