"""Signed heads again: each is still a link of the chain, and its signature still holds."""

from collections.abc import Iterator

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from wallet.models.ledger import LedgerTransaction, SignedHead

AT_ONCE = 500


def heads(session: Session) -> Iterator[tuple[str, str]]:
    """Each signed head, and why it is broken ("" when it is not)."""
    wanted = (
        select(SignedHead, LedgerTransaction.hash)
        .outerjoin(LedgerTransaction, LedgerTransaction.seq == SignedHead.seq)
        .order_by(SignedHead.seq)
    )
    for head, link in session.execute(wanted.execution_options(yield_per=AT_ONCE)):
        yield f"ledger_head {head.seq}", _broken(head, link)


def _broken(head: SignedHead, link: str | None) -> str:
    if head.hash != link:
        return "the chain says something else than what was signed"
    try:
        Ed25519PublicKey.from_public_bytes(head.public_key).verify(head.signature, head.signed)
    except (InvalidSignature, ValueError):
        return "its signature does not hold"
    return ""
