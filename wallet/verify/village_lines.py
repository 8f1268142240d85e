"""The lines between nodes again, byte by byte: on our side as we wrote them, on theirs as we were told."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from msgspec import MsgspecError
from sqlalchemy.orm import Session

from wallet.between.messages import Line, decode_line, digest
from wallet.between.shapes import GENESIS
from wallet.ledger.shapes import NODE, NOSTRO, Place
from wallet.verify.reading import hexed, rows

Chain = tuple[str, str, str]
"""Issuer, holder, asset."""
_LINES: Final = (
    "SELECT issuer, holder, asset, epoch, seq, kind, ref, delta, balance, at, hash, body "
    "FROM village_line ORDER BY issuer, holder, asset, epoch, seq"
)
_MIRRORS: Final = (
    "SELECT m.issuer, m.holder, m.asset, m.currency_id, m.epoch, m.seq, m.hash, m.balance, m.seen, a.peer "
    "FROM village_mirror m LEFT JOIN village_agreement a "
    "ON a.asset = m.asset AND a.issuer = m.issuer AND a.acceptor = m.holder ORDER BY 1, 2, 3"
)
_BALANCES: Final = "SELECT id, credits - debits FROM ledger_account WHERE kind IN ('node', 'bank')"
_POINTS: Final = (
    "SELECT c.issuer, c.holder, c.asset, c.epoch, c.seq, c.hash, c.balance, l.hash, l.balance "
    "FROM village_checkpoint c LEFT JOIN village_line l ON l.issuer = c.issuer AND l.holder = c.holder "
    "AND l.asset = c.asset AND l.epoch = c.epoch AND l.seq = c.seq ORDER BY 1, 2, 3, 4, 5"
)


@dataclass(slots=True)
class Head:
    """How far a chain goes without a gap. `highest`: its last number, gaps or not."""

    epoch: int = 0
    seq: int = 0
    hash: str = GENESIS
    balance: int = 0
    highest: int = 0


@dataclass(slots=True)
class Lines:
    """What the lines say, for those who compare: `moved` by (issuer, holder, id, kind)."""

    heads: dict[Chain, Head] = field(default_factory=dict)
    known: dict[Chain, int] = field(default_factory=dict)
    """How far each mirror says that it goes."""
    moved: dict[tuple[str, str, str, str], Line] = field(default_factory=dict)
    hashes: dict[tuple[str, str, str, str], str] = field(default_factory=dict)

    def all(self, session: Session) -> Iterator[tuple[str, str]]:
        """Each line's name, and why it is broken."""
        self.known = {row[:3]: row[5] for row in rows(session, _MIRRORS)}
        for row in rows(session, _LINES):
            yield f"village_line {' '.join(map(str, row[:5]))}", self._line(row)

    def mirrors(self, session: Session) -> Iterator[tuple[str, str]]:
        """Each mirror beside its lines and the account that it speaks of."""
        balances = {hexed(key): balance for key, balance in rows(session, _BALANCES)}
        unseen = set(self.heads)
        for row in rows(session, _MIRRORS):
            unseen.discard(row[:3])
            yield f"village_mirror {' '.join(row[:3])}", self._mirror(row, balances)
        for chain in sorted(unseen):
            yield f"village_mirror {' '.join(chain)}", "its lines are there and it is not"

    def _line(self, row: tuple[Any, ...]) -> str:
        body, link = bytes(row[11]), row[10]
        if digest(body) != link:
            return "its bytes are not those that were hashed"
        try:
            line = decode_line(body)
        except MsgspecError:
            return "its bytes cannot be read"
        said = (line.issuer, line.holder, line.asset, line.epoch, line.seq)
        if (*said, line.kind, line.ref, line.delta, line.balance, line.at) != row[:10]:
            return "its columns do not say what its bytes say"
        self.moved[line.issuer, line.holder, line.ref, line.kind] = line
        self.hashes[line.issuer, line.holder, line.ref, line.kind] = link
        return self._follow(line, link)

    def _follow(self, line: Line, link: str) -> str:
        """What a peer said beyond its mirror is only waiting, and may be false: it was not booked."""
        chain = (line.issuer, line.holder, line.asset)
        head = self.heads.setdefault(chain, Head())
        head.highest = max(head.highest, line.seq)
        begins_anew = line.epoch > max(head.epoch, 1)
        why = "" if begins_anew else _broken(head, line)
        if not why:
            head.epoch, head.seq, head.hash, head.balance = line.epoch, line.seq, link, line.balance
        return why if line.seq <= self.known.get(chain, 0) else ""

    def _mirror(self, row: tuple[Any, ...], balances: dict[str, int]) -> str:
        issuer, holder, asset, currency, _, seq, link, balance, seen, peer = row
        head = self.heads.get((issuer, holder, asset), Head())
        if peer is None:
            return "nobody agreed on its currency"
        if (seq, link, balance) != (head.seq, head.hash, head.balance):
            return f"it goes up to line {seq}, and the lines without a gap up to {head.seq}"
        if seen < head.highest or (peer == holder and head.highest > seq):
            return "there are lines that it does not know of"
        is_ours = peer == holder
        place = Place(UUID(hex=hexed(currency)), *((NODE, holder) if is_ours else (NOSTRO, issuer)))
        booked = balances.get(place.account_id.hex, 0) * (1 if is_ours else -1)
        return "" if booked == balance else f"its lines add up to {balance}, and the ledger has {booked}"


def _broken(head: Head, line: Line) -> str:
    if line.seq != head.seq + 1:
        return "a line is missing before it"
    follows = (line.prev, line.balance) == (head.hash, head.balance + line.delta)
    return "" if follows else "it does not follow the one before it"


def checkpoints(session: Session) -> Iterator[tuple[str, str]]:
    """What both have signed is still what the lines say."""
    for row in rows(session, _POINTS):
        is_so = row[5:7] == row[7:9]
        why = "" if is_so else "the lines say something else than what both have signed"
        yield f"village_checkpoint {' '.join(map(str, row[:5]))}", why
