"""The word of a card's home for a tap that its chip proved: an issuer checks it inside the charge.

Only the home has a chip's key. It looks at the chip's message once and gives the acceptor one proof for each
issuer, made with the secret of home and issuer: for one card, one read, one handle and one acceptor. The
acceptor carries it in its charge, and can neither make one nor use another's.
"""

import hmac
import re
from hashlib import sha256
from typing import Final

from msgspec import Struct

MARK: Final = 32
"""Hexadecimal digits: 128 bits of HMAC-SHA-256."""
_FORM: Final = re.compile(r"([0-9a-f]{64})\.([0-9]{1,8})\.([0-9a-f]{32})")


class Tapped(Struct, frozen=True):
    """A tap that is proved: of the card that `home` calls so between us and it, read so many times."""

    home: str
    card: str
    counter: int


class NotProven(Exception):
    """This proves nothing: `why` names the refusal."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def proof_of(secret: bytes, tapped: Tapped, handle: str, acceptor: str) -> str:
    """What a home says to an issuer; `secret` is theirs, `tapped.card` the card's key between them."""
    return f"{tapped.card}.{tapped.counter}.{_mark(secret, tapped, handle, acceptor)}"


def read_proof(secret: bytes, home: str, said: str, handle: str, acceptor: str) -> Tapped:
    """What `proof_of` wrote. Raises NotProven `card_malformed` or `card_altered`."""
    found = _FORM.fullmatch(said)
    if found is None:
        raise NotProven("card_malformed")
    tapped = Tapped(home, found[1], int(found[2]))
    if not hmac.compare_digest(_mark(secret, tapped, handle, acceptor), found[3]):
        raise NotProven("card_altered")
    return tapped


def _mark(secret: bytes, tapped: Tapped, handle: str, acceptor: str) -> str:
    said = f"proof {tapped.home} {tapped.card} {tapped.counter} {handle} {acceptor}"
    return hmac.digest(secret, said.encode(), sha256).hex()[:MARK]
