"""Who asks at the doors of tills: the device by its bearer token, the operator by a header."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy.orm import Session

from kit import clock
from kit.auth import ANONYMOUS, Principal
from pos_api.principal import Device, Operator, TillPrincipal
from pos_api.proofs import DEVICE_PREFIX
from pos_api.queries.who import device_of_token, operator_of_token
from pos_api.seen import DevicesSeen

OPERATOR_HEADER: Final = "hameau-operator"


class KnownTills:
    """The port by which the house learns which till speaks."""

    def __init__(self, seen: DevicesSeen) -> None:
        self._seen = seen

    def __call__(self, session: Session, secret: str, headers: Mapping[str, str]) -> Principal:
        """The till of this secret, with its operator; ANONYMOUS when it is no working till's."""
        device = device_of_token(session, secret) if secret.startswith(DEVICE_PREFIX) else None
        if device is None:
            return ANONYMOUS
        self._seen.note(device.id, device.last_seen_at, clock.now())
        operator = _operator(session, device, headers)
        return TillPrincipal(name=device.name, machine_id=device.id, device=device, operator=operator)


def _operator(session: Session, device: Device, headers: Mapping[str, str]) -> Operator | None:
    token = headers.get(OPERATOR_HEADER, "").strip()
    return operator_of_token(session, token, device, clock.now()) if token else None
