"""Who pays or receives, and when: a wallet, a card or a tap as the ledger wants them."""

from datetime import datetime

from kit.errors import Invalid
from kit.i18n import _
from kit.web import Call
from wallet.api.bodies import Party
from wallet.ledger.requests import Holder


def instant(value: datetime | None, name: str) -> datetime | None:
    """A moment with its zone. Raises Invalid."""
    if value is None:
        return None
    if value.tzinfo is None or not 1970 < value.year < 9000:
        raise Invalid(fields={name: _("A moment with its zone, such as 2027-05-01T18:00:00Z.")})
    return value
