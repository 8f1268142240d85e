"""The ledger as CSV (RFC 4180, UTF-8 with a mark): one line for each entry, one for each refusal."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from kit.sheets import csv_line, harmless
from wallet.exports import reading
from wallet.exports.names import Standing, amount_text
from wallet.exports.reading import Booked, Step

COLUMNS = (
    *(
        "seq",
        "id",
        "at",
        "kind",
        "verdict",
        "why",
        "refers",
        "place",
        "point",
        "labels",
        "reason",
        "by",
        "card",
    ),
    *("op", "currency", "debit_kind", "debit", "debit_lot", "credit_kind", "credit", "credit_lot"),
    *("amount", "debit_after", "credit_after"),
)
NO_ENTRY = ("",) * 11


def table(session: Session) -> Iterator[bytes]:
    """The file, piece by piece. Amounts have a decimal point; what a refusal would have moved is not told."""
    yield b"\xef\xbb\xbf" + csv_line(COLUMNS)
    for transaction in reading.booked(session):
        told = _told(transaction)
        rows = [_step(step) for step in transaction.steps] or [NO_ENTRY]
        yield b"".join(csv_line((*told, *row)) for row in rows)


def _told(transaction: Booked) -> tuple[str, ...]:
    receipt, memo = transaction.receipt, transaction.receipt.memo
    labels = " · ".join(line.label for line in memo.lines)
    words = (memo.place, memo.point, labels, memo.reason, memo.by, memo.card)
    return (
        str(transaction.seq),
        *(str(receipt.id), receipt.at.isoformat().replace("+00:00", "Z")),
        *(receipt.kind, receipt.verdict, receipt.why, str(receipt.refers or "")),
        *(harmless(text) for text in words),
    )


def _step(step: Step) -> tuple[str, ...]:
    return (
        *(step.op, step.code, *_standing(step.debit), *_standing(step.credit)),
        *(amount_text(value, step.scale) for value in (step.amount, step.debit_after, step.credit_after)),
    )


def _standing(standing: Standing) -> tuple[str, str, str]:
    return standing.kind, harmless(standing.owner), harmless(standing.lot)
