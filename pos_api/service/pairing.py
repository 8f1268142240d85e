"""Pairing: a code made in the office becomes a device with a token, a series and a public key."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from kit import clock, limits
from kit.auth import Principal
from kit.errors import Invalid, Refusal
from kit.i18n import _, lazy
from kit.ids import new_id
from people import audit
from people.words import clean_name
from pos_api.models.device import CODE_VALID_FOR, PairingCode, TillDevice
from pos_api.refusals import PairingOver
from sales.service.noting import note

TRIES_PER_CLIENT: Final = (10, timedelta(minutes=15))
TRIES_IN_ALL: Final = (60, timedelta(minutes=15))
DEMO_LASTS: Final = timedelta(days=3650)
PAIRED: Final = lazy("Till paired")


@dataclass(frozen=True)
class NewDevice:
    """What a device says of itself when it pairs; `name` may be empty."""

    token_hash: bytes
    name: str = ""
    public_key: dict[str, Any] | None = None


def make_code(
    session: Session,
    by: Principal,
    code_hash: bytes,
    *,
    name: str,
    points: Collection[UUID] = (),
    is_reusable: bool = False,
) -> PairingCode | None:
    """Keep a code for one till; None when it is in use already: draw another. Raises Invalid (no name)."""
    now = clock.now()
    session.execute(delete(PairingCode).where(PairingCode.expires_at <= now))
    if session.get(PairingCode, code_hash) is not None:
        return None
    code = PairingCode(
        code_hash=code_hash,
        name=named(name),
        points=sorted(str(point) for point in points),
        made_by=by.person_id,
        made_at=now,
        expires_at=now + (DEMO_LASTS if is_reusable else CODE_VALID_FOR),
        is_reusable=is_reusable,
    )
    session.add(code)
    audit.record(session, by, lazy("Pairing code made"), code.name, kind="till")
    return code


def take_try(session: Session, client: str) -> None:
    """Count a try of this address, and of all. Raises TooManyRequests."""
    limits.take(session, f"pairings-by:{client}", *TRIES_PER_CLIENT)
    limits.take(session, "pairings-in-all", *TRIES_IN_ALL)


def pair(session: Session, client: str, code_hash: bytes, said: NewDevice) -> TillDevice | Refusal:
    """The device of a code, which is used up; its try counts no more.

    A wrong code is given back as a refusal, not raised.
    """
    limits.give_back(session, "pairings-in-all", *TRIES_IN_ALL)  # also the turn that series are given in
    code = session.get(PairingCode, code_hash, with_for_update=True)
    now = clock.now()
    if code is None or not code.opens(now):
        limits.take(session, "pairings-in-all", *TRIES_IN_ALL)
        return PairingOver()
    limits.give_back(session, f"pairings-by:{client}", *TRIES_PER_CLIENT)
    code.used_at = now
    device = TillDevice(
        id=new_id(),
        name=clean_name(said.name) or code.name,
        series=_next_series(session),
        token_hash=said.token_hash,
        public_key=said.public_key,
        points=code.points,
        is_training=False,
        paired_at=now,
        paired_by=code.made_by,
        last_seen_at=now,
        last_count=0,
    )
    session.add(device)
    by = Principal(person_id=code.made_by, name=device.series)
    audit.record(session, by, PAIRED, device.name, kind="till", about_id=device.id)
    note(session, by, "device", device.series, after=PAIRED.message)
    return device


def named(text: str) -> str:
    """A name for a till. Raises Invalid."""
    name = clean_name(text)
    if not name:
        raise Invalid(fields={"name": _("I fill in this field.")})
    return name


def forget_old_codes(session: Session) -> None:
    """Drop codes that are over."""
    session.execute(delete(PairingCode).where(PairingCode.expires_at <= clock.now()))


def _next_series(session: Session) -> str:
    """ "T1", "T2", …; devices are never deleted, so no series comes back."""
    return f"T{(session.scalar(select(func.count()).select_from(TillDevice)) or 0) + 1}"
