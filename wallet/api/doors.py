"""Every door of the money API."""

from wallet.api import acts, assets, cards, statements, transfers, village_spends, wallets

DOORS = (
    *assets.DOORS,
    *wallets.DOORS,
    *transfers.DOORS,
    *statements.DOORS,
    *acts.DOORS,
    *cards.DOORS,
    *village_spends.DOORS,
)
