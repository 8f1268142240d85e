"""Devices in the office: another name, other points of sale, training, and out of service at once."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from kit import clock
from kit.auth import Principal
from kit.i18n import Lazy, lazy
from people import audit
from pos_api.models.device import TillDevice
from pos_api.models.operator import OperatorSession
from pos_api.queries.training import TRAINING_BEGUN, TRAINING_ENDED
from pos_api.refusals import DeviceRevoked, DeviceUnknown, MoreWaits
from pos_api.seen import Seen
from pos_api.service.pairing import named
from sales.service import noting


def get(session: Session, device_id: UUID) -> TillDevice:
    """Raises DeviceUnknown."""
    device = session.get(TillDevice, device_id)
    if device is None:
        raise DeviceUnknown
    return device


def working(session: Session, device_id: UUID) -> TillDevice:
    """Raises DeviceUnknown, DeviceRevoked."""
    device = get(session, device_id)
    if device.is_revoked:
        raise DeviceRevoked
    return device


def change(
    session: Session, by: Principal, device_id: UUID, *, name: str, points: Collection[UUID]
) -> TillDevice:
    """Another name, other points of sale (none means all). Raises as `working`, and Invalid."""
    device = working(session, device_id)
    before = f"{device.name} {','.join(device.points)}"
    device.name = named(name)
    device.points = sorted(str(point) for point in points)
    if before != f"{device.name} {','.join(device.points)}":
        note(session, by, device, lazy("Till changed"))
    return device


def revoke(session: Session, by: Principal, device_id: UUID, *, known: int | None = None) -> TillDevice:
    """Out of service at once and for ever; it can send nothing any more.

    `known`: how many operations whoever decides was told that wait in it; None: it does not matter.

    Raises DeviceUnknown, MoreWaits.
    """
    device = get(session, device_id)
    if known is not None and not device.is_revoked and (device.waiting or 0) > known:
        raise MoreWaits
    if not device.is_revoked:
        device.revoked_at = clock.now()
        end_sessions(session, OperatorSession.device_id == device_id)
        note(session, by, device, lazy("Till taken out of service"))
    return device


def train(session: Session, by: Principal, device_id: UUID, *, is_training: bool) -> TillDevice:
    """Begin or end the training mode: what is sold then is a simulation. Raises as `working`."""
    device = working(session, device_id)
    if device.is_training is not is_training:
        device.is_training = is_training
        note(session, by, device, TRAINING_BEGUN if is_training else TRAINING_ENDED)
    return device


def end_sessions(session: Session, which: object) -> None:
    """End the operators' sessions that are still open."""
    live = update(OperatorSession).where(which, OperatorSession.ended_at.is_(None))  # type: ignore[arg-type]
    session.execute(live.values(ended_at=clock.now()))


def note_seen(session: Session, seen: Mapping[UUID, Seen]) -> None:
    """Write when tills were last heard, the highest number they gave an operation, and what waits in them."""
    for device_id in sorted(seen):
        device, heard = session.get(TillDevice, device_id), seen[device_id]
        if device is not None:
            device.last_seen_at = heard.at
            device.last_count = max(device.last_count, heard.count)
            if heard.waits is not None:
                device.waiting, device.waiting_at = heard.waits, heard.waits_at


def note(session: Session, by: Principal, device: TillDevice, verb: Lazy) -> None:
    """In the office's log by its name, and in the sealed journal by its series."""
    audit.record(session, by, verb, device.name, kind="till", about_id=device.id)
    noting.note(session, by, "device", device.series, after=verb.message)
