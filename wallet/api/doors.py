"""Every door of the money API."""

from wallet.api import (
    acts,
    assets,
    cards,
    clearing,
    disputes,
    mirrors,
    statements,
    transfers,
    village_spends,
    village_terms,
    wallets,
)

DOORS = (
    *assets.DOORS,
    *wallets.DOORS,
    *transfers.DOORS,
    *statements.DOORS,
    *acts.DOORS,
    *cards.DOORS,
    *village_spends.DOORS,
    *clearing.DOORS,
    *disputes.DOORS,
    *mirrors.DOORS,
    *village_terms.DOORS,
)
