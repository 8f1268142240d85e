"""Rows of the driver as what the rules know: columns in one order, here and in the questions."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import msgspec

from wallet.between.messages import Edge, decode_line
from wallet.between.shapes import (
    Agreement,
    Clearing,
    Contested,
    GrantKept,
    Handle,
    KeptAnswer,
    KeptLine,
    Leg,
    Mirror,
    Payment,
)

AGREEMENT: Final = (
    "issuer, acceptor, asset, currency_id, epoch, per_tap, per_card_day, per_minute, node_max, "
    "takes, is_paused_here, is_paused_there"
)
MIRROR: Final = "issuer, holder, asset, currency_id, epoch, seq, hash, balance, seen, agreed"
PAYMENT: Final = (
    'id, kind, state, made, deadline, "local", local_amount, taken, refers, why, point, "by", content'
)
LEG: Final = (
    "payment_id, id, issuer, asset, currency_id, handle, amount, ask, card, epoch, state, got, was_held, "
    'grant_id, why, "left"'
)
GRANT: Final = (
    "id, issuer, acceptor, asset, per_tap, per_card, per_card_day, node_max, since, until, hotlist_age, "
    "bearer, revoked, used, closed"
)
CLEARING: Final = "id, peer, kind, edges, state, is_ours, hash, ask, made, reference, why"
DISPUTE: Final = f"{CLEARING}, epoch, seq, line, evidence, refers, goes_to"
_closed: Final = msgspec.json.Decoder(tuple[UUID, ...]).decode
_edges: Final = msgspec.json.Decoder(tuple[Edge, ...]).decode


def uuid_of(value: Any) -> UUID:
    """SQLite keeps sixteen bytes."""
    return UUID(bytes=value) if isinstance(value, bytes) else value


_currency: Final = lru_cache(256)(uuid_of)
"""A node knows few."""


def agreement(row: Any) -> Agreement:
    """Nothing new is taken while either side pauses, or before the acceptor has said yes."""
    issuer, acceptor, asset, currency, epoch, tap, day, minute, node, takes, here, there = row
    return Agreement(
        issuer=issuer,
        acceptor=acceptor,
        asset=asset,
        currency=_currency(currency),
        epoch=epoch,
        per_tap=tap,
        per_card_day=day,
        per_minute=minute,
        node_max=node,
        is_paused=bool(not takes or here or there),
    )


def handle(row: Any) -> Handle:
    name, wallet, home, status = row
    return Handle(handle=name, wallet=uuid_of(wallet), home=home, status=status)


def answer(row: Any) -> KeptAnswer:
    key, peer, verb, asked, req, body = row
    return KeptAnswer(id=uuid_of(key), peer=peer, verb=verb, asked=uuid_of(asked), req=req, body=bytes(body))


def mirror(row: Any) -> Mirror:
    issuer, holder, asset, currency, epoch, seq, link, balance, seen, agreed = row
    return Mirror(
        issuer=issuer,
        holder=holder,
        asset=asset,
        currency=_currency(currency),
        epoch=epoch,
        seq=seq,
        hash=link,
        balance=balance,
        seen=seen,
        agreed=agreed,
    )


def line(row: Any) -> KeptLine:
    body, link = row
    return KeptLine(decode_line(body), link, bytes(body))


def payments(rows: Iterable[Any], legs: Iterable[Any]) -> dict[UUID, Payment]:
    """Payments with their legs, which come in order."""
    parts: dict[Any, list[Leg]] = {}
    for row in legs:
        parts.setdefault(row[0], []).append(_leg(row))
    found = (_payment(row, parts.get(row[0], ())) for row in rows)
    return {one.id: one for one in found}


def _payment(row: Any, legs: Iterable[Leg]) -> Payment:
    key, kind, state, made, deadline, local, local_amount, taken, refers, why, point, by, content = row
    return Payment(
        id=uuid_of(key),
        kind=kind,
        made=made,
        deadline=deadline,
        legs=tuple(legs),
        state=state,
        local=uuid_of(local),
        local_amount=local_amount,
        taken=taken,
        refers=uuid_of(refers),
        why=why,
        point=point,
        by=by,
        content=content,
    )


def _leg(row: Any) -> Leg:
    _, key, issuer, asset, currency, name, amount, ask, card, epoch, state, got, held, grant_id, why, left = (
        row
    )
    return Leg(
        id=uuid_of(key),
        issuer=issuer,
        asset=asset,
        currency=_currency(currency),
        handle=name,
        amount=amount,
        ask=bytes(ask),
        card=card,
        epoch=epoch,
        state=state,
        got=got,
        was_held=bool(held),
        grant=uuid_of(grant_id),
        why=why,
        left=left,
    )


def grant(row: Any) -> GrantKept:
    key, issuer, acceptor, asset, tap, card, day, node, since, until, age, bearer, revoked, used, closed = row
    return GrantKept(
        id=uuid_of(key),
        issuer=issuer,
        acceptor=acceptor,
        asset=asset,
        per_tap=tap,
        per_card=card,
        per_card_day=day,
        node_max=node,
        since=since,
        until=until,
        hotlist_age=age,
        bearer=bearer,
        revoked=bool(revoked),
        used=used,
        closed=_closed(closed) if closed is not None else None,
    )


def clearing(row: Any) -> Clearing:
    key, peer, kind, edges, state, is_ours, name, ask, made, reference, why = row
    return Clearing(
        id=uuid_of(key),
        peer=peer,
        kind=kind,
        edges=_edges(edges),
        state=state,
        is_ours=bool(is_ours),
        hash=name,
        ask=bytes(ask),
        made=made,
        reference=reference,
        why=why,
    )


def dispute(row: Any) -> Clearing:
    """A dispute, or what was offered to end one."""
    *first, epoch, seq, line_hash, evidence, refers, to = row
    about = Contested(epoch=epoch, seq=seq, line=line_hash, evidence=evidence, refers=uuid_of(refers), to=to)
    return msgspec.structs.replace(clearing(first), about=about)
