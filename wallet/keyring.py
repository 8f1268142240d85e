"""The secrets of NTAG 424 DNA cards: from the configuration, else derived from the node's secret key."""

from typing import Final

from kit.app import App
from wallet.cards.sun import BLOCK, CardKeys

META: Final = "cards: ntag 424 meta"
MASTER: Final = "cards: ntag 424 master"


def card_keys(app: App) -> CardKeys:
    """The keys that this node's cards were made with."""
    chosen = app.settings.cards
    return CardKeys(
        bytes.fromhex(chosen.ntag_meta_key) or app.seal.key(META)[:BLOCK],
        bytes.fromhex(chosen.ntag_master_key) or app.seal.key(MASTER)[:BLOCK],
    )
