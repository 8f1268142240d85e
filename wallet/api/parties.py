"""Who pays or receives, and when: a wallet, a card or a tap as the ledger wants them."""

from datetime import datetime

from kit.errors import Invalid
from kit.i18n import _
from kit.web import Call
from wallet.api.bodies import Party, TapFields
from wallet.cards.reading import Tap
from wallet.keyring import card_keys
from wallet.ledger.requests import Holder
from wallet.queries.cards import find_card
from wallet.queries.village_cards import whose
from wallet.refusals import CardUnknown
from wallet.service.village_wallets import wallet_here


def instant(value: datetime | None, name: str) -> datetime | None:
    """A moment with its zone. Raises Invalid."""
    if value is None:
        return None
    if value.tzinfo is None or not 1970 < value.year < 9000:
        raise Invalid(fields={name: _("A moment with its zone, such as 2027-05-01T18:00:00Z.")})
    return value


def party_of(call: Call, said: Party, where: str = "") -> Holder:
    """A wallet, a card, or the card that a tap means, with the counter that the tap proved.

    `where` is what the names of its fields begin with. Raises Invalid unless exactly one is named, and what
    `find_card` raises.
    """
    named = [name for name in ("wallet", "card", "tap") if getattr(said, name) is not None]
    if len(named) != 1:
        raise Invalid(
            fields={f"{where}{named[-1] if named else 'wallet'}": _("A wallet, a card or a tap: one.")}
        )
    if said.tap is None:
        return Holder(said.wallet, said.card)
    with call.app.db.read() as session:
        found = find_card(session, tap_of(said.tap), card_keys(call.app))
        return Holder(card=found.card.id, counter=found.counter)


def receiver_of(call: Call, said: Party) -> Holder:
    """As `party_of`; a card of another node of the village gets a wallet here the first time it receives."""
    try:
        return party_of(call, said)
    except CardUnknown:
        if said.tap is None:
            raise
        with call.app.db.read() as session:
            found = whose(session, tap_of(said.tap))
        return Holder(call.app.db.write(lambda session: wallet_here(session, found)))


def tap_of(said: TapFields) -> Tap:
    """Raises Invalid when nothing is said of the card."""
    tap = Tap(**{name: getattr(said, name) for name in TapFields.__struct_fields__})
    if tap == Tap():
        raise Invalid(fields={"text": _("I fill in this field.")})
    return tap
