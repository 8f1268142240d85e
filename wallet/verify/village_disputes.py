"""What is contested between nodes again: what was signed, the lines of it, and where the money stands."""
# ruff: noqa: S608 - names of our own tables, no input

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from msgspec import MsgspecError, json
from sqlalchemy.orm import Session

from wallet.between.messages import Dispute, DisputeOver, Line, decode, digest
from wallet.between.shapes import DISPUTED
from wallet.ledger.shapes import NOSTRO
from wallet.verify.reading import hexed, rows
from wallet.verify.village_lines import Lines

_ROWS: Final = (
    "SELECT id, kind, peer, asset, epoch, seq, line, edges, refers, goes_to, state, hash, ask "
    "FROM village_dispute ORDER BY kind, made, id"
)
_ASIDE: Final = f"SELECT owner, credits - debits FROM ledger_account WHERE kind = '{DISPUTED}'"
_LACKED: Final = (
    "SELECT currency_id, credits - debits FROM ledger_account "
    f"WHERE kind = '{NOSTRO}' AND owner = '{DISPUTED}'"
)
_LACKING: Final = (
    "SELECT m.currency_id, sum(l.delta) FROM village_line l JOIN village_mirror m ON m.issuer = l.issuer "
    "AND m.holder = l.holder AND m.asset = l.asset AND l.seq <= m.seq JOIN village_agreement a "
    "ON a.asset = l.asset AND a.peer = l.issuer WHERE l.kind IN ('dispute', 'released') "
    "GROUP BY m.currency_id"
)


def disputes(session: Session, lines: Lines) -> Iterator[tuple[str, str]]:
    """Each dispute and release with its bytes and lines; then what stands aside, here and as a holder."""
    signed: dict[tuple[Any, ...], UUID] = {}
    aside: dict[str, int] = {}
    for row in rows(session, _ROWS):
        yield f"village_dispute {UUID(hex=hexed(row[0]))}", _row(row, lines, signed, aside)
    for owner, balance in rows(session, _ASIDE):
        wanted = aside.pop(owner, 0)
        why = "" if balance == wanted else f"{balance} stand aside for it, and both have signed {wanted}"
        yield f"village_dispute {owner}", why
    yield from _missing(aside)
    lacking = {hexed(key): int(delta) for key, delta in rows(session, _LACKING)}
    for currency, balance in rows(session, _LACKED):
        why = (
            ""
            if balance == lacking.get(hexed(currency), 0)
            else "its lines say another amount than the ledger"
        )
        yield f"village_dispute {UUID(hex=hexed(currency))}", why


def _missing(aside: dict[str, int]) -> Iterator[tuple[str, str]]:
    for owner, wanted in aside.items():
        if wanted:
            yield f"village_dispute {owner}", f"{wanted} should stand aside for it, and nothing does"


def _row(
    row: tuple[Any, ...], lines: Lines, signed: dict[tuple[Any, ...], UUID], aside: dict[str, int]
) -> str:
    key, kind, peer, asset, epoch, seq, link, edges, refers, goes_to, state, named, ask = row
    id = UUID(hex=hexed(key))
    said = _read(bytes(ask))
    about = UUID(hex=hexed(refers)) if refers is not None else None
    if digest(bytes(ask)) != named or said is None or said.id != id:
        return "its bytes are not those that were signed"
    if isinstance(said, DisputeOver):
        is_same = (kind, about, goes_to) == ("release", said.dispute, said.to)
    else:
        named = asset or said.asset  # of money that nobody agreed on, only what was refused is kept
        is_same = (kind, named, epoch, seq, link) == ("dispute", said.asset, said.epoch, said.seq, said.line)
    if not is_same:
        return "its columns do not say what its bytes say"
    if state != "signed":
        return ""
    if signed.setdefault((kind, peer, asset, epoch, seq), id) != id:
        return "the same line was contested twice"
    (edge,) = json.decode(edges) if isinstance(edges, str | bytes) else edges
    return _moved(lines, (id, kind, peer, about), edge, aside)


def _moved(
    lines: Lines, what: tuple[UUID, str, str, UUID | None], edge: dict[str, Any], aside: dict[str, int]
) -> str:
    """Our own lines stand there from the moment of the signature on; a neighbour's may be on their way."""
    id, kind, peer, about = what
    is_ours, amount = edge["debtor"] != peer, edge["amount"]
    found = _line(lines, edge, id, "dispute" if kind == "dispute" else "released")
    if found is None:
        return "both signed it, and no line of ours says so" if is_ours else ""
    if found.delta != (-amount if kind == "dispute" else amount):
        return f"its line moves {found.delta}, and both have signed {amount}"
    back = _line(lines, edge, id, "returned")
    if back is not None and not -amount <= back.delta < 0:
        return "more was given back than was contested"
    if is_ours:
        aside[str(id if kind == "dispute" else about)] = amount if kind == "dispute" else 0
    return ""


def _line(lines: Lines, edge: dict[str, Any], id: UUID, kind: str) -> Line | None:
    return lines.moved.get((edge["debtor"], edge["creditor"], str(id), kind))


def _read(body: bytes) -> Dispute | DisputeOver | None:
    try:
        said = decode(body)
    except MsgspecError:
        return None
    return said if isinstance(said, Dispute | DisputeOver) else None
