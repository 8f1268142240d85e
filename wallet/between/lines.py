"""Lines: what an issuer owes one holder, movement by movement, numbered and chained by the issuer alone.

The hash of a line is that of its exact bytes, which name the hash of the line before.
"""

from functools import lru_cache
from uuid import UUID

from msgspec import MsgspecError, Raw

from wallet.between.desk import Desk, UseKey
from wallet.between.messages import Line, decode_line, digest, encode
from wallet.between.shapes import KeptLine
from wallet.between.strict import Malformed, read_strict
from wallet.ledger.shapes import NODE, Entry, Place, Transaction


def line_of(desk: Desk, peer: str, kind: str, ref: UUID, link: Transaction) -> KeptLine | None:
    """The next line for `peer`, when this transaction moved what we owe it; kept together with it."""
    for agreed in desk.agreements.values():
        if agreed.issuer == desk.me and agreed.acceptor == peer:
            account = Place(agreed.currency, NODE, peer).account_id.hex
            delta = sum(_moved(entry, account) for entry in link.receipt.entries if entry.op == "transfer")
            if delta:
                return _next(desk, (peer, agreed.asset, agreed.currency), kind, ref, delta)
    return None


def _moved(entry: Entry, account: str) -> int:
    if entry.credit == account:
        return entry.amount
    return -entry.amount if entry.debit == account else 0


def _next(desk: Desk, whose: tuple[str, str, UUID], kind: str, ref: UUID, delta: int) -> KeptLine:
    peer, asset, currency = whose
    mirror = desk.mirror(desk.me, peer, asset, currency)
    line = Line(
        issuer=desk.me,
        holder=peer,
        asset=asset,
        epoch=desk.epoch,
        seq=mirror.seq + 1,
        kind=kind,
        ref=str(ref),
        delta=delta,
        balance=mirror.balance + delta,
        at=desk.ms,
        prev=mirror.hash,
    )
    kept = kept_line(line, encode(line))
    desk.keep_line(kept)
    desk.keep_mirror(mirror.after(line, kept.hash))
    count_contested(desk, line)
    return kept


def contested_key(holder: str, asset: str) -> UseKey:
    """Where an issuer counts what stands contested of what it owes one holder: it may all come back."""
    return holder, asset, "contested"


def count_contested(desk: Desk, line: Line) -> None:
    """Note what a line of ours takes out of what we owe, or brings back."""
    key = contested_key(line.holder, line.asset)
    if line.kind == "dispute":
        desk.use(key, -line.delta)
    elif line.kind == "released":  # what was contested before this was counted is not in it
        desk.use(key, -min(line.delta, desk.used(key)))


def kept_line(line: Line, body: bytes) -> KeptLine:
    """A line with the hash of its exact bytes."""
    return KeptLine(line, digest(body), body)


def read_line(raw: Raw) -> Line | None:
    """The line that a peer says; None when these bytes are none, or name no id as we write them."""
    return _read(bytes(raw))


@lru_cache(1024)
def _read(body: bytes) -> Line | None:
    """Each is looked at twice: when the desk is opened, and when it is decided."""
    try:
        line = decode_line(body)
        if encode(line) != body:
            read_strict(body)
        return line if str(UUID(line.ref)) == line.ref else None
    except (MsgspecError, ValueError, RecursionError, Malformed):
        return None
