"""Many nodes in one process, over a network that fails: the production rules with another clock, another
chance, another transport and another store.

No rule of money is written here. `wallet.between` and `wallet.ledger` decide; what stands here moves bytes,
breaks things, plays the people, and compares what came of it with what must be true (docs/simulation.md).
"""
