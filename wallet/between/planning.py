"""What pays a till's total: what the holder has here first, then other local money, the network's last."""

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct


class Source(Struct, frozen=True):
    """What a holder may pay with at one issuer. `rank`: 1 local money of another node, 2 the network's."""

    issuer: str
    asset: str
    currency: UUID
    handle: str
    card: str
    epoch: int
    balance: int
    rank: int


class Share(Struct, frozen=True):
    """How much of the total a source pays."""

    source: Source
    amount: int


class Plan(Struct, frozen=True):
    """`here`: the part of this node's own ledger. `missing`: what nothing pays."""

    here: int
    shares: tuple[Share, ...]
    missing: int


def plan(total: int, here: int, sources: Sequence[Source]) -> Plan:
    """Divide a total. Each source gives all it can before the next one is asked."""
    taken = min(total, here)
    missing, shares = total - taken, []
    for source in sorted(sources, key=lambda one: (one.rank, one.asset)):
        part = min(missing, source.balance)
        if part > 0:
            shares.append(Share(source, part))
            missing -= part
    return Plan(taken, tuple(shares), missing)
