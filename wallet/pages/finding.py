"""From what a reader or a hand gave to a wallet."""

from dataclasses import dataclass
from uuid import UUID

from kit.errors import Refusal
from kit.web import Call
from wallet.cards.reading import Tap
from wallet.queries.village_cards import whose
from wallet.service.village_wallets import wallet_here


@dataclass(frozen=True)
class Tapped:
    """The wallet that a tap opens, or why it opens none."""

    wallet_id: UUID | None
    why: str = ""


async def tapped(call: Call, text: str) -> Tapped:
    """The wallet of the one card that `text` means; of our cards in whatever state.

    A card in use of a neighbour gets a wallet here. The primary is not asked: what is typed in an office may
    be a telephone number.
    """
    if not text:
        return Tapped(None)
    try:
        found = await call.app.db.aread(lambda session: whose(session, Tap(text=text)))
        if found.wallet_here is not None:
            return Tapped(found.wallet_here)
        return Tapped(await call.app.db.awrite(lambda session: wallet_here(session, found)))
    except Refusal as refusal:
        return Tapped(None, refusal.sentence)
