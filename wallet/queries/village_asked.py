"""What a neighbour asked of us as an issuer about one charge, and what we answered, for ever the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from wallet.between.messages import Receipt, decode, decode_line
from wallet.ledger.shapes import Receipt as LedgerReceipt
from wallet.models.currency import Currency
from wallet.models.ledger import LedgerTransaction
from wallet.models.village import VillageAgreement, VillageAnswer, VillageLine
from wallet.queries.village_timeline import Proof, lines_named, proofs_of

ANSWERED: Final = frozenset({"charge", "cancel", "capture", "release", "present", "refund"})


@dataclass(frozen=True)
class Asked:
    """One question and its answer. `link` is the transaction of our ledger; `proof` the exact question."""

    answer: VillageAnswer
    receipt: Receipt
    line: VillageLine | None
    link: LedgerTransaction | None
    proof: Proof | None
    currency: Currency | None


def asked_of_us(session: Session, me: str, asked: UUID) -> list[Asked]:
    """Every question under that id, in the order of our answers."""
    found = session.execute(
        select(VillageAnswer, LedgerTransaction)
        .outerjoin(LedgerTransaction, LedgerTransaction.id == VillageAnswer.id)
        .where(VillageAnswer.asked == asked)
        .order_by(LedgerTransaction.seq)
    ).all()
    proofs = proofs_of(session, [asked])
    lines = [line for line in lines_named(session, [asked]) if line.issuer == me]
    currencies = _currencies(session, lines)
    return [_asked(answer, link, proofs, lines, currencies) for answer, link in found]


def _asked(
    answer: VillageAnswer,
    link: LedgerTransaction | None,
    proofs: Sequence[Proof],
    lines: Sequence[VillageLine],
    currencies: dict[str, Currency],
) -> Asked:
    receipt = decode(answer.body)
    if not isinstance(receipt, Receipt):
        raise TypeError(f"the answer {answer.id} is no receipt")
    seq = decode_line(receipt.line).seq if receipt.line else None
    line = next((one for one in lines if one.seq == seq and one.holder == answer.peer), None)
    proof = next((one for one in proofs if one.hash == answer.req), None)
    named = next((one for one in lines if one.holder == answer.peer), None)
    return Asked(answer, receipt, line, link, proof, currencies.get(named.asset) if named else None)


def _currencies(session: Session, lines: Sequence[VillageLine]) -> dict[str, Currency]:
    wanted = (
        select(VillageAgreement.asset, Currency)
        .join(Currency, Currency.id == VillageAgreement.currency_id)
        .where(VillageAgreement.asset.in_({line.asset for line in lines}))
    )
    return {row[0]: row[1] for row in session.execute(wanted)} if lines else {}


DOORS: Final = {
    "taking": "wallet.village_payment",
    "given_back": "wallet.village_payment",
    "settled": "wallet.village_clearing",
    "disputed": "wallet.village_dispute",
    "undisputed": "wallet.village_dispute",
}
"""Where a movement that a neighbour's line made is read: its reason is the id of what was signed."""


def said_between(session: Session, receipt: LedgerReceipt) -> tuple[str, UUID] | None:
    """Where to read what two nodes said about a link of our chain: the name of a door, and its id."""
    if receipt.kind in DOORS:
        return DOORS[receipt.kind], UUID(receipt.memo.reason)
    if receipt.kind in ANSWERED:
        answer = session.get(VillageAnswer, receipt.id)
        return ("wallet.village_payment", answer.asked) if answer else None
    return None
