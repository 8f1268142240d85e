"""The public address of a receipt: nothing is kept of it, nobody can guess it, and it ends after a month."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from kit.seal import Seal

KEPT: Final = timedelta(days=30)
"""How long an address opens its receipt."""
PURPOSE: Final = "pos_api.receipt"
SIZE, MARK = 22, 16


@dataclass(frozen=True)
class Shown:
    """Which receipt an address opens, the how manieth copy of it, until when."""

    sale: UUID
    copy: int
    until: datetime


def token_of(seal: Seal, sale: UUID, copy: int, now: datetime) -> str:
    """Fifty-one signs for an address that is good for `KEPT` from now on."""
    until = int((now + KEPT).timestamp())
    said = sale.bytes + min(copy, 0xFFFF).to_bytes(2) + until.to_bytes(4)
    return _written(said + _mark(seal, said))


def opened(seal: Seal, token: str) -> Shown | None:
    """What an address means, however old; None when it was not made here."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None
    said, mark = raw[:SIZE], raw[SIZE:]
    is_whole = len(raw) == SIZE + MARK and token == _written(raw)  # its last sign has bits to spare
    if not is_whole or not hmac.compare_digest(mark, _mark(seal, said)):
        return None
    until = datetime.fromtimestamp(int.from_bytes(said[18:]), UTC)
    return Shown(UUID(bytes=said[:16]), int.from_bytes(said[16:18]), until)


def _written(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _mark(seal: Seal, said: bytes) -> bytes:
    return hmac.digest(seal.key(PURPOSE), said, hashlib.sha256)[:MARK]
