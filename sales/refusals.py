"""The named refusals of sales: each "no" of the journal has its class, its status and its sentence."""

from typing import Final

from kit.errors import Conflict, Invalid, NotFound, Refusal
from kit.i18n import lazy
from sales.journal.book import Declined
from wallet.refusals import refusal_named


class NoSuchSale(NotFound):
    name = "no_such_sale"
    default = lazy("This sale is not known here.")


class NothingToClose(Conflict):
    name = "nothing_to_close"
    default = lazy("Nothing was sold since the last closing: there is nothing to close.")


class TakenBackAlready(Conflict):
    name = "taken_back_already"
    default = lazy("This sale was taken back already.")


class MoreThanSold(Conflict):
    name = "more_than_sold"
    default = lazy("There is not so much left of this sale that I could take back.")


class BeingTakenBack(Conflict):
    name = "being_taken_back"
    default = lazy("This sale is being taken back: a neighbour gives its money back first.")


class BadPart(Invalid):
    name = "bad_quantity"
    default = lazy("Pieces go back whole; what was weighed, to the gram.")


class ClosedAlready(Conflict):
    name = "closed_already"
    default = lazy("The day of this sale is closed: its means of payment stay as they are.")


class PaidElsewhere(Conflict):
    name = "paid_elsewhere"
    default = lazy("A neighbour’s Pass paid this sale. Its money goes back first.")


class NeighbourRefused(Conflict):
    name = "neighbour_refused"
    default = lazy("The node that keeps this Pass did not let it pay.")


class OnlyOutsideMeans(Conflict):
    name = "only_outside_means"
    default = lazy("What a Pass paid cannot become another means. I take the sale back instead.")


class NobodyPaid(Conflict):
    name = "nobody_paid"
    default = lazy("Nobody paid: the house gave. What was given is taken back instead.")


class WrongTotal(Invalid):
    """`total` is the right one, in cents."""

    name = "wrong_total"
    default = lazy("The total is not the sum of what is sold. Nothing was paid.")
    total: int = 0


class SaleConflict(Conflict):
    name = "idempotency_conflict"
    default = lazy("This was asked before with another content. The first answer stands.")


class UnknownProduct(NotFound):
    name = "unknown_product"
    default = lazy("This product is not known here. I load the products again.")


class UnknownPoint(NotFound):
    name = "unknown_point"
    default = lazy("This point of sale is not known here.")


class TopUpByPass(Conflict):
    name = "top_up_by_pass"
    default = lazy("A Pass does not pay for money on a Pass. I choose cash or the card terminal for it.")


class SoldApart(Conflict):
    name = "sold_apart"
    default = lazy("A neighbour’s Pass pays for products alone. I sell the top-up by itself.")


class MixedUnits(Conflict):
    name = "mixed_units"
    default = lazy("Euros, hours and points do not go into one sale. I make one sale for each.")


class OnlyByPass(Conflict):
    name = "only_by_pass"
    default = lazy("Hours and points are paid by a Pass alone: no other means replaces them.")


class UnitsShort(Conflict):
    """`missing` and `payable` are in minor units of the sale's currency."""

    name = "units_short"
    default = lazy("There is not enough on this Pass. Nothing was taken.")


class NotSoldHere(Conflict):
    name = "not_sold_here"
    default = lazy("This product is not sold at this point of sale.")


class SoldOut(Conflict):
    name = "sold_out"
    default = lazy("This product is sold out.")


BY_NAME: Final[dict[str, type[Refusal]]] = {
    one.name: one
    for one in (
        *(NoSuchSale, NothingToClose, TakenBackAlready, ClosedAlready),
        *(MoreThanSold, BeingTakenBack, BadPart),
        *(PaidElsewhere, OnlyOutsideMeans, NobodyPaid, WrongTotal),
    )
} | {"conflict": SaleConflict}


def refusal_of(declined: Declined) -> Refusal:
    """The refusal that a caller gets; the ledger's own names are the wallet's."""
    if declined.why in BY_NAME:
        return BY_NAME[declined.why]()
    return refusal_named(declined.why, declined.missing)
