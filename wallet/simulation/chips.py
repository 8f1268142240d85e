"""Chips that prove their taps: their homes' proofs in charges, now and then one that was used before."""

import hashlib
from typing import Final
from uuid import UUID

from wallet.between.events import Hear
from wallet.between.messages import Charge, decode
from wallet.between.proofs import NotProven, Tapped, proof_of, read_proof
from wallet.simulation.shapes import Person

HOME: Final = "home"
SECRET: Final = b"what homes and issuers share"
AGAIN: Final = 24
"""One charge in so many brings a copy of an earlier tap."""


def chip_of(wallet: UUID) -> str:
    """Every second person has a chip; "" for the others."""
    return hashlib.sha256(wallet.bytes).hexdigest() if wallet.int % 2 else ""


def proof_in(person: Person, charge: UUID, handle: str, acceptor: str) -> str:
    """What a charge brings of the last tap, or of one before."""
    if not person.chip:
        return ""
    late = charge.int // AGAIN % 4 + 1 if charge.int % AGAIN == 0 else 0
    tapped = Tapped(HOME, person.chip, max(0, person.reads - late))
    return proof_of(SECRET, tapped, handle, acceptor)


def heard(peer: str, item: bytes) -> Hear:
    """The event of an item, its proof looked at before. Raises MsgspecError."""
    message = decode(item)
    if not isinstance(message, Charge) or not message.sun:
        return Hear(peer=peer, body=item, message=message)
    try:
        tapped = read_proof(SECRET, HOME, message.sun, message.handle, peer)
    except NotProven as error:
        return Hear(peer=peer, body=item, message=message, no=error.why)
    return Hear(peer=peer, body=item, message=message, tapped=tapped)
