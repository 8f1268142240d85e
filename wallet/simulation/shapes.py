"""What the village of a seed is made of, and what must be remembered beside the nodes to judge them."""

from uuid import UUID

from msgspec import Struct

from wallet.between.shapes import Agreement, GrantKept
from wallet.ledger.shapes import Asset


class Violation(Exception):
    """Something that must be true is not. `invariant` is its name in docs/simulation.md."""

    def __init__(self, invariant: str, where: str) -> None:
        super().__init__(f"{invariant}: {where}")
        self.invariant, self.where = invariant, where


class Currency(Struct, frozen=True):
    """A currency: `wire` as nodes call it, `asset` as its issuer's ledger knows it."""

    issuer: str
    wire: str
    asset: Asset


class Person(Struct):
    """Somebody with a card: a wallet and a pseudonym at each issuer. `chip` proves taps; `reads` so far."""

    name: str
    home: str
    wallets: dict[str, UUID]
    handles: dict[str, str]
    chip: str = ""
    reads: int = 0


class Village(Struct, frozen=True):
    """Who is there and what they agreed on."""

    origins: tuple[str, ...]
    currencies: tuple[Currency, ...]
    people: tuple[Person, ...]
    agreements: tuple[Agreement, ...]
    grants: tuple[GrantKept, ...]
    liar: str
    """The node that does not play by the rules; "" when all do."""

    def currency(self, wire: str) -> Currency:
        return next(one for one in self.currencies if one.wire == wire)


class Counts(Struct):
    """What a run was made of."""

    events: int = 0
    commits: int = 0
    envelopes: int = 0
    items: int = 0
    lost: int = 0
    doubled: int = 0
    crashes: int = 0
    cuts: int = 0
    jumps: int = 0
    offline: int = 0
    payments: int = 0
    paid: int = 0
    refunds: int = 0
    clearings: int = 0
    disputes: int = 0
    """Lines that were contested, and offers to end it."""
    late: int = 0
    """Holds whose time was over, freed."""
    lies: int = 0
    losses: int = 0
    checks: int = 0
    virtual: int = 0
    """Milliseconds of simulated time."""

    def add(self, other: "Counts") -> None:
        """Both together."""
        for name in self.__struct_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))
