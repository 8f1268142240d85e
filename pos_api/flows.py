"""Pairing and holding a till, step by step: slow proofs stand between short transactions."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from anyio.to_thread import run_sync
from sqlalchemy.orm import Session

from kit.app import App
from kit.auth import Principal
from kit.errors import Busy, Refusal
from pos_api import proofs
from pos_api.keys import PublicKey, kept_key
from pos_api.principal import Device, Operator
from pos_api.queries import who
from pos_api.refusals import NotStaffCard, WrongPin
from pos_api.service import holding, pairing
from pos_api.service.operators import Pin
from pos_api.service.pairing import NewDevice
from wallet.asking import whose_anywhere
from wallet.cards.reading import Tap
from wallet.refusals import refusal_named

DRAWS: Final = 20


@dataclass(frozen=True)
class MadeCode:
    """A code that pairs one till; it is shown now and never again."""

    code: str
    name: str
    expires_at: datetime


@dataclass(frozen=True)
class Paired:
    """A till and the token it speaks with from now on."""

    device: Device
    token: str


@dataclass(frozen=True)
class Opened:
    """An operator and the token by which their till speaks for them."""

    operator: Operator
    token: str
    expires_at: datetime


def make_code(
    app: App, by: Principal, name: str, points: Collection[UUID] = (), *, is_reusable: bool = False
) -> MadeCode:
    """A code for a till that will be called `name`. Raises Invalid (no name), Busy (too many codes)."""
    for _draw in range(DRAWS):
        code = proofs.new_code()
        hashed = proofs.code_hash(app.seal, code)

        def unit(session: Session, hashed: bytes = hashed, code: str = code) -> MadeCode | None:
            row = pairing.make_code(session, by, hashed, name=name, points=points, is_reusable=is_reusable)
            return MadeCode(code, row.name, row.expires_at) if row else None

        made = app.db.write(unit)
        if made is not None:
            return made
    raise Busy(cause="no free pairing code was drawn")


def pair(app: App, client: str, code: str, name: str, key: PublicKey | None) -> Paired:
    """Use a code up. Raises PairingOver, TooManyRequests, Invalid (key or name)."""
    app.db.write(lambda session: pairing.take_try(session, client))
    token = proofs.new_token(proofs.DEVICE_PREFIX)
    said = NewDevice(proofs.hash_of(token), name, kept_key(key))
    hashed = proofs.code_hash(app.seal, code)

    def unit(session: Session) -> Device | Refusal:
        made = pairing.pair(session, client, hashed, said)
        return made if isinstance(made, Refusal) else who.device(made)

    device = app.db.write(unit)
    if isinstance(device, Refusal):
        raise device
    return Paired(device, token)


async def hold_by_pin(app: App, device: Device, pin: str) -> Opened:
    """The operator of a PIN holds this till. Raises BadPin, WrongPin, TooManyPins, TooManyRequests."""
    mark = proofs.pin_mark(app.seal, pin)
    named = await app.db.awrite(lambda session: holding.begin_try(session, device, mark))
    operator_id, known = named or (None, None)
    is_right = await run_sync(proofs.is_pin, known, pin)
    if operator_id is None or not is_right:
        raise WrongPin
    await app.db.awrite(lambda session: holding.give_back_try(session, device))
    return await _hold(app, device, operator_id)


async def hold_by_card(app: App, device: Device, tap: Tap) -> Opened:
    """The operator of a staff card holds this till.

    Raises CardUnknown, CardLost, …, NotStaffCard, TooManyRequests.
    """
    found = await whose_anywhere(app, tap)
    if found.state != "active":
        raise refusal_named(f"card_{found.state}")
    card_id = found.card
    if card_id is None:
        raise NotStaffCard
    operator_id = await app.db.aread(lambda session: holding.operator_of_card(session, card_id))
    return await _hold(app, device, operator_id)


def ready_pin(app: App, pin: str) -> Pin:
    """A PIN made ready for its row; slow, outside of any transaction. Raises BadPin."""
    return Pin(proofs.pin_mark(app.seal, pin), proofs.pin_hash(pin))


async def _hold(app: App, device: Device, operator_id: UUID) -> Opened:
    token = proofs.new_token(proofs.OPERATOR_PREFIX)

    def unit(session: Session) -> Opened:
        row = holding.open_session(session, device, operator_id, proofs.hash_of(token))
        return Opened(who.operator(row.operator), token, row.expires_at)

    return await app.db.awrite(unit)
