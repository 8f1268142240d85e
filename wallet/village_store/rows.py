"""What was decided, as rows: one prepared sentence for each table, and one more where rows change."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, func, insert, literal_column, update

from kit.db import Rows, Statement
from wallet.between.desk import Changes
from wallet.between.shapes import (
    Alarm,
    Checkpoint,
    Clearing,
    Contested,
    GrantKept,
    KeptAnswer,
    KeptLine,
    Leg,
    Mirror,
    Payment,
)
from wallet.models.village import (
    VillageAlarm,
    VillageAnswer,
    VillageCheckpoint,
    VillageClearing,
    VillageGrant,
    VillageLeg,
    VillageLine,
    VillageMirror,
    VillagePayment,
    VillageUse,
)
from wallet.models.village_dispute import VillageDispute
from wallet.store.rows import rows_of as ledger_rows
from wallet.village_store.found import Found

Row = tuple[object, ...]


def _new(model: Any, *columns: str) -> Statement:
    return Statement(insert(model).inline(), *columns)


def _changed(model: Any, keys: Sequence[str], columns: Sequence[str]) -> Statement:
    """Values first, then the key."""
    table = model.__table__
    new: dict[str, Any] = {name: bindparam(f"new_{name}") for name in columns}
    same = [table.c[name] == bindparam(f"its_{name}") for name in keys]
    names = (*(f"new_{name}" for name in columns), *(f"its_{name}" for name in keys))
    return Statement(update(table).where(*same).values(new), *names, once=True)


_MIRROR_KEY: Final = ("issuer", "holder", "asset")
_HEAD: Final = ("epoch", "seq", "hash", "balance", "seen", "agreed")
_MIRRORS: Final = _new(VillageMirror, *_HEAD, *_MIRROR_KEY, "currency_id")
_MIRRORS_ON: Final = _changed(VillageMirror, _MIRROR_KEY, _HEAD)
_LINES: Final = _new(
    VillageLine,
    *("issuer", "holder", "asset", "epoch", "seq", "kind", "ref", "delta", "balance", "at", "hash", "body"),
)
_ANSWERS: Final = _new(VillageAnswer, "id", "peer", "verb", "asked", "req", "body")
_PAYMENT_STATE: Final = ("state", "is_final", "local", "taken", "why")
_PAYMENTS: Final = _new(
    VillagePayment,
    *(*_PAYMENT_STATE, "id", "kind", "made", "deadline", "local_amount", "refers", "point", "by", "content"),
)
_PAYMENTS_ON: Final = _changed(VillagePayment, ("id",), _PAYMENT_STATE)
_LEG_STATE: Final = ("state", "got", "was_held", "grant_id", "why", "left")
_LEGS: Final = _new(
    VillageLeg,
    *(*_LEG_STATE, "id", "payment_id", "n", "issuer", "asset", "currency_id", "handle", "amount", "ask"),
    *("card", "epoch"),
)
_LEGS_ON: Final = _changed(VillageLeg, ("id",), _LEG_STATE)
_USE_KEY: Final = ("peer", "asset", "what")
_USES: Final = _new(VillageUse, "amount", "at", *_USE_KEY)
_USES_ON: Final = _changed(VillageUse, _USE_KEY, ("amount", "at"))
_GRANTS_ON: Final = _changed(VillageGrant, ("id",), ("used",))
_CLEARINGS: Final = _new(
    VillageClearing,
    *("state", "why", "id", "peer", "kind", "edges", "is_ours", "hash", "ask", "made", "reference"),
)
_CLEARINGS_ON: Final = _changed(VillageClearing, ("id",), ("state", "why"))
_DISPUTES: Final = _new(
    VillageDispute,
    *("state", "why", "id", "peer", "kind", "edges", "is_ours", "hash", "ask", "made", "reference"),
    *("asset", "epoch", "seq", "line", "evidence", "refers", "goes_to"),
)
_DISPUTES_ON: Final = _changed(VillageDispute, ("id",), ("state", "why"))
_CHECKPOINTS: Final = _new(
    VillageCheckpoint,
    *("issuer", "holder", "asset", "epoch", "seq", "hash", "balance", "at", "theirs", "ours"),
)
_ALARMS: Final = _new(VillageAlarm, "at", "what", "peer", "place", "item", "count", "last_at", "last_place")
_ALARMS_AGAIN: Final = Statement(
    update(VillageAlarm)
    .where(VillageAlarm.number == bindparam("its_number"))
    .values(
        count=func.coalesce(VillageAlarm.count, literal_column("1")) + bindparam("more"),
        last_at=bindparam("new_last_at"),
        last_place=bindparam("new_last_place"),
    ),
    *("more", "new_last_at", "new_last_place", "its_number"),
    once=True,
)


def rows_of(changes: Changes, found: Found, now: datetime) -> Iterator[Rows]:
    """In the order in which the tables lean on each other. Of grants, which people make, only the use."""
    yield from ledger_rows(changes.ledger)
    yield from _mirrors(changes, found)
    yield Rows(_LINES, [_line(one) for one in changes.lines])
    yield Rows(_ANSWERS, [_answer(one) for one in changes.answers])
    yield from _payments(changes, found)
    yield from _uses(changes, found, now)
    yield Rows(_GRANTS_ON, [_grant(one) for one in changes.grants.values()])
    yield from _clearings(changes, found)
    yield Rows(_CHECKPOINTS, [_checkpoint(one) for one in changes.checkpoints])
    yield from _alarms(changes.alarms, found, now)


def _alarms(alarms: Sequence[Alarm], found: Found, now: datetime) -> Iterator[Rows]:
    """One for each cause and peer, until somebody has seen it."""
    together: dict[tuple[str, str], list[Alarm]] = {}
    for one in alarms:
        together.setdefault((one.what, one.peer), []).append(one)
    old = [
        (len(rows), now, rows[-1].where, found.alarms[key])
        for key, rows in together.items()
        if key in found.alarms
    ]
    new = [
        (now, *key, rows[0].where, rows[0].item, len(rows), now, rows[-1].where)
        for key, rows in together.items()
        if key not in found.alarms
    ]
    yield Rows(_ALARMS_AGAIN, old)
    yield Rows(_ALARMS, new)


def _mirrors(changes: Changes, found: Found) -> Iterator[Rows]:
    old = [one for key, one in changes.mirrors.items() if key in found.mirrors]
    new = [one for key, one in changes.mirrors.items() if key not in found.mirrors]
    yield Rows(_MIRRORS_ON, [(*_head(one), *one.key) for one in old])
    yield Rows(_MIRRORS, [(*_head(one), *one.key, one.currency) for one in new])


def _head(one: Mirror) -> Row:
    return one.epoch, one.seq, one.hash, one.balance, one.seen, one.agreed


def _line(kept: KeptLine) -> Row:
    one = kept.line
    where = (one.issuer, one.holder, one.asset, one.epoch, one.seq)
    return (*where, one.kind, one.ref, one.delta, one.balance, one.at, kept.hash, kept.body)


def _answer(one: KeptAnswer) -> Row:
    return one.id, one.peer, one.verb, one.asked, one.req, one.body


def _payments(changes: Changes, found: Found) -> Iterator[Rows]:
    """Of a payment that stood there, the legs that changed; it never gets new ones."""
    old = [one for key, one in changes.payments.items() if key in found.payments]
    new = [one for key, one in changes.payments.items() if key not in found.payments]
    parts = [(one.id, n, leg) for one in new for n, leg in enumerate(one.legs)]
    yield Rows(_PAYMENTS_ON, [(*_state(one), one.id) for one in old])
    yield Rows(_LEGS_ON, [(*_leg_state(leg), leg.id) for one in old for leg in _changed_legs(one, found)])
    yield Rows(_PAYMENTS, [(*_state(one), *_what(one)) for one in new])
    yield Rows(_LEGS, [(*_leg_state(leg), *_leg(key, n, leg)) for key, n, leg in parts])


def _changed_legs(one: Payment, found: Found) -> list[Leg]:
    before = found.payments[one.id].legs
    return [leg for leg, known in zip(one.legs, before, strict=True) if leg != known]


def _state(one: Payment) -> Row:
    return one.state, one.is_final, one.local, one.taken, one.why


def _what(one: Payment) -> Row:
    when = (one.id, one.kind, one.made, one.deadline)
    return (*when, one.local_amount, one.refers, one.point, one.by, one.content)


def _leg_state(leg: Leg) -> Row:
    return leg.state, leg.got, leg.was_held, leg.grant, leg.why, leg.left


def _leg(payment: object, n: int, leg: Leg) -> Row:
    what = (leg.id, payment, n, leg.issuer, leg.asset, leg.currency)
    return (*what, leg.handle, leg.amount, leg.ask, leg.card, leg.epoch)


def _uses(changes: Changes, found: Found, now: datetime) -> Iterator[Rows]:
    old = [(amount, now, *key) for key, amount in changes.uses.items() if key in found.uses]
    new = [(amount, now, *key) for key, amount in changes.uses.items() if key not in found.uses]
    yield Rows(_USES_ON, old)
    yield Rows(_USES, new)


def _grant(one: GrantKept) -> Row:
    return one.used, one.id


def _clearings(changes: Changes, found: Found) -> Iterator[Rows]:
    old = [one for key, one in changes.clearings.items() if key in found.clearings]
    new = [one for key, one in changes.clearings.items() if key not in found.clearings]
    yield Rows(_CLEARINGS_ON, [(one.state, one.why, one.id) for one in old if one.about is None])
    yield Rows(_CLEARINGS, [_clearing(one) for one in new if one.about is None])
    yield Rows(_DISPUTES_ON, [(one.state, one.why, one.id) for one in old if one.about is not None])
    yield Rows(_DISPUTES, [(*_clearing(one), *_about(one, one.about)) for one in new if one.about])


def _clearing(one: Clearing) -> Row:
    what = (one.state, one.why, one.id, one.peer, one.kind, one.edges)
    return (*what, one.is_ours, one.hash, one.ask, one.made, one.reference)


def _about(one: Clearing, about: Contested) -> Row:
    asset = one.edges[0].asset if one.edges else ""
    return asset, about.epoch, about.seq, about.line, about.evidence, about.refers, about.to


def _checkpoint(one: Checkpoint) -> Row:
    point = one.point
    where = (one.issuer, one.holder, one.asset, one.epoch, point.seq)
    return (*where, point.hash, point.balance, one.at, one.theirs, one.ours)
