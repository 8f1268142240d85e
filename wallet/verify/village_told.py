"""What was said between nodes beside what is remembered here: nothing is left out."""
# ruff: noqa: S608 - names of our own tables, no input

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from wallet.ledger.shapes import NODE, NOSTRO
from wallet.verify.reading import hexed, rows

_MOVED: Final = (
    "SELECT l.issuer, l.ref, sum(l.delta) FROM village_line l JOIN village_agreement a "
    "ON a.asset = l.asset AND a.peer = l.issuer JOIN village_mirror m ON m.issuer = l.issuer "
    "AND m.holder = l.holder AND m.asset = l.asset AND l.seq <= m.seq "
    "WHERE l.kind NOT IN ('setoff', 'settlement', 'dispute', 'released', 'returned') GROUP BY l.issuer, l.ref"
)
_LEGS: Final = (
    "SELECT l.id, l.issuer, l.state, p.kind FROM village_leg l "
    "LEFT JOIN village_payment p ON p.id = l.payment_id"
)
_EMPTY: Final = (
    "SELECT p.id FROM village_payment p LEFT JOIN village_leg l ON l.payment_id = p.id "
    "WHERE l.id IS NULL AND p.local_amount = 0"
)
_OWED: Final = (
    "SELECT a.id, a.kind, a.owner FROM ledger_account a LEFT JOIN village_mirror m "
    "ON m.currency_id = a.currency_id AND a.owner IN (m.issuer, m.holder) "
    f"WHERE a.kind IN ('{NODE}', '{NOSTRO}') AND substr(a.owner, 1, 4) = 'http' "
    "AND a.credits <> a.debits AND m.seq IS NULL ORDER BY a.id"
)
_NOT_PAID: Final = frozenset({"declined", "cancelled", "reversed"})


def told(session: Session) -> Iterator[tuple[str, str]]:
    """What issuers' lines say of each id beside our own payment, then what hangs in the air."""
    moved = {(issuer, ref): int(delta) for issuer, ref, delta in rows(session, _MOVED)}
    for key, issuer, state, kind in rows(session, _LEGS):
        ref = str(UUID(hex=hexed(key)))
        yield f"village_leg {ref}", _broken(moved.pop((issuer, ref), 0), state, kind)
    for issuer, ref in sorted(key for key, delta in moved.items() if delta > 0):
        yield f"village_line {issuer} {ref}", "it pays us for something that is not there"
    for (key,) in rows(session, _EMPTY):
        yield f"village_payment {UUID(hex=hexed(key))}", "its parts are not there"
    for key, _, owner in rows(session, _OWED):
        yield f"ledger_account {UUID(hex=hexed(key))}", f"no line says what is owed between us and {owner}"


def _broken(moved: int, state: str, kind: Any) -> str:
    if kind is None:
        return "its payment is not there"
    if kind == "refund":
        return ""
    if moved < 0:
        return "more was taken back than was paid"
    return "it is over without money, and its lines pay it" if moved and state in _NOT_PAID else ""
