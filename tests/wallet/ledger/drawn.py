"""What evenings are made of: the currencies of a node, and the amounts, prices and moments that are drawn."""

from uuid import UUID

from hypothesis import strategies as st

from wallet.ledger.shapes import MOST, Asset

ASSETS = (
    Asset(UUID(int=101), "local", "money", "local"),
    Asset(UUID(int=102), "bons", "gift", "local"),
    Asset(UUID(int=103), "reseau", "money", "network"),
    Asset(UUID(int=104), "heures", "time", "issuer_only"),
    Asset(UUID(int=105), "points", "loyalty", "issuer_only", scale=0),
    Asset(UUID(int=106), "autre", "money", "local"),
    Asset(UUID(int=107), "graines", "free", "local", at_par=False),
    Asset(UUID(int=108), "d'ailleurs", "money", "local", is_ours=False),
    Asset(UUID(int=109), "jetons", "money", "local", scale=0),
)
LOTS = ("", "noel", "ete")
some = st.integers(0, 11)
HOURS_AHEAD = st.sampled_from((None, None, 1, 1, 0, 24 * 31))
ODD_AMOUNTS = (-3, 0, 200, 500, MOST + 1)
amounts = st.integers(1, 60).map(lambda drawn: drawn if drawn < 56 else ODD_AMOUNTS[drawn - 56])
prices = st.lists(st.integers(0, 9), min_size=1, max_size=3)
odd_prices = st.sampled_from(([], [0], [-1, 5], [MOST, MOST]))
