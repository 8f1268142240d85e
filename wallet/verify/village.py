"""Money between nodes again: lines, answers, what was signed, and what tills were told."""

import hashlib
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from msgspec import MsgspecError
from sqlalchemy.orm import Session

from kit.db import Base
from kit.db.triggers import declared_triggers
from wallet.between.events import follow_up
from wallet.between.messages import AnyMessage, Receipt, decode, digest
from wallet.between.mirroring import BY_BOTH
from wallet.between.shapes import transaction_id
from wallet.verify.accounts import standing
from wallet.verify.reading import hexed, rows
from wallet.verify.village_disputes import disputes
from wallet.verify.village_lines import Lines, checkpoints

GUARDED: Final = (
    "village_epoch", "village_mirror", "village_line", "village_answer", "village_payment", "village_leg",
    "village_grant", "village_clearing", "village_dispute", "village_checkpoint", "village_alarm",
    "village_envelope", "village_item",
)  # fmt: skip
GOOD: Final = frozenset({"posted", "held", "declined"})
DIGEST: Final = 32
_ANSWERS: Final = (
    "SELECT a.id, a.peer, a.verb, a.asked, a.req, a.body, t.content FROM village_answer a "
    "LEFT JOIN ledger_tx t ON t.id = a.id ORDER BY t.seq"
)
_ITEMS: Final = (
    "SELECT e.id, e.peer, e.hashes, e.root, i.n, i.kind, i.asked, i.body FROM village_envelope e "
    "LEFT JOIN village_item i ON i.envelope_id = e.id ORDER BY e.id, i.n"
)
_LEGS: Final = (
    "SELECT p.id, p.kind, p.state, l.id, l.issuer, l.amount, l.got, l.state, l.was_held "
    "FROM village_payment p JOIN village_leg l ON l.payment_id = p.id "
    "WHERE p.state IN ('ok', 'commit') ORDER BY p.made, p.id, l.n"
)
_SIGNED: Final = (
    "SELECT id FROM village_clearing WHERE state = 'signed' "
    "UNION ALL SELECT id FROM village_dispute WHERE state = 'signed'"
)
_LOSSES: Final = "SELECT id FROM ledger_tx WHERE kind = 'loss' AND verdict = 'posted'"
_VERBS: Final = {"posted": ("charge", "refund"), "captured": ("capture",), "presented": ("present",)}


def village(session: Session) -> Iterator[tuple[str, str]]:
    """In the order in which one leans on the other: the first that is broken says where to look."""
    lines = Lines()
    yield from lines.all(session)
    yield from lines.mirrors(session)
    yield from checkpoints(session)
    yield from disputes(session, lines)
    yield from _answers(session, lines)
    heard: dict[tuple[str, str, str], Receipt] = {}
    yield from _items(session, heard)
    yield from _payments(session, lines, heard)


def guards(session: Session) -> Iterator[tuple[str, str]]:
    """Each trigger that protects what nodes said, and whether it still stands."""
    names = standing(session.connection())
    for table in GUARDED:
        for name in declared_triggers(Base.metadata.tables[table]):
            yield f"trigger {name}", "" if name in names else "it was taken away"


def _answers(session: Session, lines: Lines) -> Iterator[tuple[str, str]]:
    """Each answer of ours beside its transaction and its line; then our lines that no answer shows."""
    shown: set[tuple[str, str, str, str]] = set()
    ours: dict[str, str] = {}
    for row in rows(session, _ANSWERS):
        yield f"village_answer {UUID(hex=hexed(row[0]))}", _answer(row, lines, shown, ours)
    signed = {str(UUID(hex=hexed(key))) for (key,) in rows(session, _SIGNED)}
    for key, line in lines.moved.items():
        if line.kind in BY_BOTH:
            why = "" if line.ref in signed else "nobody signed it"
        elif key in shown or not _is_ours(key, ours):
            why = ""
        else:
            why = "no answer shows it"
        if why:
            yield f"village_line {line.issuer} {line.holder} {line.asset} {line.epoch} {line.seq}", why


def _is_ours(key: tuple[str, str, str, str], ours: dict[str, str]) -> bool:
    """Whether we wrote that line: some answer of ours shows another one of ours."""
    return key[0] in ours


def _answer(
    row: tuple[Any, ...], lines: Lines, shown: set[tuple[str, str, str, str]], ours: dict[str, str]
) -> str:
    key, peer, verb, asked, req, body, content = row
    question = UUID(hex=hexed(asked))
    if transaction_id(peer, verb, question).hex != hexed(key):
        return "its id is not that of its question"
    if content != req:
        return "the ledger decided something else, or nothing"
    receipt = _read(bytes(body))
    if not isinstance(receipt, Receipt) or (receipt.id, receipt.verb, receipt.req) != (question, verb, req):
        return "its columns do not say what its bytes say"
    return _shown(peer, receipt, lines, shown, ours)


def _shown(
    peer: str, receipt: Receipt, lines: Lines, shown: set[tuple[str, str, str, str]], ours: dict[str, str]
) -> str:
    """Whether the line that it shows is the one that we kept."""
    wanted = digest(bytes(receipt.line)) if receipt.line else None
    if wanted is None:
        return ""
    found = [key for key in _keys(peer, receipt, lines) if lines.hashes[key] == wanted]
    shown.update(found)
    ours.update((key[0], peer) for key in found)
    return "" if found else "the line that it shows was not kept"


def _keys(peer: str, receipt: Receipt, lines: Lines) -> Iterator[tuple[str, str, str, str]]:
    for issuer in {chain[0] for chain in lines.heads}:
        key = (issuer, peer, str(receipt.id), receipt.verb)
        if key in lines.hashes:
            yield key


def _items(session: Session, heard: dict[tuple[str, str, str], Receipt]) -> Iterator[tuple[str, str]]:
    """What peers signed: hashes, roots, and the bytes of each item that was kept."""
    for row in rows(session, _ITEMS):
        yield f"village_envelope {UUID(hex=hexed(row[0]))}", _item(row, heard)


def _item(row: tuple[Any, ...], heard: dict[tuple[str, str, str], Receipt]) -> str:
    _, peer, hashes, root, n, kind, asked, body = row
    if hashlib.sha256(bytes(hashes)).hexdigest() != root:
        return "its hashes are not those that were signed"
    if n is None:
        return ""
    if hashlib.sha256(bytes(body)).digest() != bytes(hashes)[n * DIGEST : (n + 1) * DIGEST]:
        return f"its item {n} is not the one that was signed"
    message = _read(bytes(body))
    if message is None or (message.__struct_config__.tag, message.id.hex) != (kind, hexed(asked)):
        return f"its item {n} is not what its columns say"
    if isinstance(message, Receipt) and message.outcome in GOOD:
        heard[peer, message.id.hex, message.verb] = message
    return ""


def _payments(
    session: Session, lines: Lines, heard: dict[tuple[str, str, str], Receipt]
) -> Iterator[tuple[str, str]]:
    """What a till was told yes for stands in its issuers' receipts and lines, or in our own losses."""
    losses = {hexed(key) for (key,) in rows(session, _LOSSES)}
    for row in rows(session, _LEGS):
        yield f"village_payment {UUID(hex=hexed(row[0]))}", _leg(row, lines, heard, losses)


def _leg(
    row: tuple[Any, ...],
    lines: Lines,
    heard: dict[tuple[str, str, str], Receipt],
    losses: set[str],
) -> str:
    _, kind, state, key, issuer, amount, got, leg_state, was_held = row
    leg = UUID(hex=hexed(key))
    if was_held and (issuer, leg.hex, "charge") not in heard:
        return f"{issuer} never said that it set its part aside"
    if state == "commit":
        return ""
    verbs = _VERBS.get(leg_state, ())
    if not any((issuer, leg.hex, verb) in heard for verb in verbs):
        return f"it is paid, and {issuer} never said so"
    moved = sum(line.delta for line in _moved(lines, issuer, leg, verbs))
    if moved != (-got if kind == "refund" else got):
        return f"{issuer} owes {moved} for it, and it says {got}"
    if kind == "sale" and amount > got and follow_up(leg, "loss").hex not in losses:
        return f"{issuer} paid {got} of {amount}, and the rest is nobody's loss"
    return ""


def _moved(lines: Lines, issuer: str, leg: UUID, verbs: tuple[str, ...]) -> Iterator[Any]:
    for holder in {chain[1] for chain in lines.heads if chain[0] == issuer}:
        for verb in verbs:
            line = lines.moved.get((issuer, holder, str(leg), verb))
            if line is not None:
                yield line


def _read(body: bytes) -> AnyMessage | None:
    try:
        message: AnyMessage = decode(body)
        return message
    except MsgspecError:
        return None
