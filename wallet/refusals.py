"""The named refusals of money: each `why` of the ledger has its class, its status and its sentence."""

from typing import Final

from kit.errors import Conflict, Invalid, NotFound, Refusal
from kit.i18n import lazy
from wallet.ledger.shapes import Receipt


class IdConflict(Conflict):
    name = "conflict"
    default = lazy("This was asked before with another content. The first answer stands.")


class BetweenNodes(Conflict):
    name = "between_nodes"
    default = lazy("A neighbour’s till took this payment. It is given back from there, so that both agree.")


class Declining(Refusal):
    """A "no" of the ledger. `missing` is in minor units; `receipt` is what was written down of it."""

    missing: int = 0
    receipt: Receipt | None = None


class Insufficient(Declining, Conflict):
    name, status = "insufficient", Conflict.status
    default = lazy("There is not enough on this Pass.")


class CardUnknown(Declining, NotFound):
    name, status = "card_unknown", NotFound.status
    default = lazy("This card is not known here.")


class CardLost(Declining, Conflict):
    name, status = "card_lost", Conflict.status
    default = lazy("This card was declared lost. It can no longer pay.")


class CardBlocked(Declining, Conflict):
    name, status = "card_blocked", Conflict.status
    default = lazy("This card is blocked. The collective can say why.")


class CardReplaced(Declining, Conflict):
    name, status = "card_replaced", Conflict.status
    default = lazy("This card was replaced by another one.")


class CardReplayed(Declining, Conflict):
    name, status = "card_replayed", Conflict.status
    default = lazy("This tap was used already. I tap the card again.")


class CardUnproved(Declining, Conflict):
    name, status = "card_unproved", Conflict.status
    default = lazy("This card must be tapped: its number alone does not pay.")


class WalletUnknown(Declining, NotFound):
    name, status = "wallet_unknown", NotFound.status
    default = lazy("This wallet is not known here.")


class WalletHeld(Declining, Conflict):
    name, status = "wallet_held", Conflict.status
    default = lazy("Something is set aside in this wallet. I try again when it is settled.")


class SameWallet(Declining, Conflict):
    name, status = "same_wallet", Conflict.status
    default = lazy("These two cards open the same wallet.")


class CurrencyUnknown(Declining, NotFound):
    name, status = "asset_unknown", NotFound.status
    default = lazy("This currency is not known here.")


class CurrencyArchived(Declining, Conflict):
    name, status = "asset_archived", Conflict.status
    default = lazy("This currency is no longer given.")


class IssuedElsewhere(Declining, Conflict):
    name, status = "not_ours", Conflict.status
    default = lazy("Another collective keeps this currency.")


class WrongNature(Declining, Conflict):
    name, status = "wrong_nature", Conflict.status
    default = lazy("This currency cannot be used for this.")


class OverCap(Declining, Conflict):
    name, status = "over_cap", Conflict.status
    default = lazy("This goes over the limit that the collective chose.")


class LotExpired(Declining, Conflict):
    name, status = "lot_expired", Conflict.status
    default = lazy("These vouchers are over.")


class NotExpired(Declining, Conflict):
    name, status = "not_expired", Conflict.status
    default = lazy("These vouchers still last.")


class NoSuchTransfer(Declining, NotFound):
    name, status = "no_such_transaction", NotFound.status
    default = lazy("This movement is not known here.")


class NotRefundable(Declining, Conflict):
    name, status = "not_refundable", Conflict.status
    default = lazy("Only what was paid can be given back.")


class NotReversible(Declining, Conflict):
    name, status = "not_reversible", Conflict.status
    default = lazy("This movement cannot be corrected by its opposite.")


class AlreadyReversed(Declining, Conflict):
    name, status = "already_reversed", Conflict.status
    default = lazy("This movement was given back or corrected already.")


class NothingLeft(Declining, Conflict):
    name, status = "nothing_left", Conflict.status
    default = lazy("Nothing is left to give back.")


class OverCharge(Declining, Conflict):
    name, status = "over_charge", Conflict.status
    default = lazy("This is more than what is left to give back.")


class NotHeld(Declining, Conflict):
    name, status = "not_held", Conflict.status
    default = lazy("Nothing was set aside under this name.")


class AlreadyClosed(Declining, Conflict):
    name, status = "already_closed", Conflict.status
    default = lazy("What was set aside is settled already.")


class OverHold(Declining, Conflict):
    name, status = "over_hold", Conflict.status
    default = lazy("This is more than what was set aside.")


class BadAmount(Declining, Invalid):
    name, status = "bad_amount", Invalid.status
    default = lazy("This amount cannot be used.")


class BadUntil(Declining, Conflict):
    name, status = "bad_until", Conflict.status
    default = lazy("A sum is set aside until a moment to come, thirty days ahead at most.")


BY_NAME: Final[dict[str, type[Declining]]] = {one.name: one for one in Declining.__subclasses__()}


def refusal_of(receipt: Receipt) -> Declining:
    """The declined receipt as the refusal that its caller gets."""
    refusal = BY_NAME[receipt.why](cause=f"{receipt.kind} {receipt.id}")
    refusal.missing, refusal.receipt = receipt.missing, receipt
    return refusal


def refusal_named(name: str, missing: int = 0) -> Refusal:
    """The refusal that bears a name of the ledger or of a card."""
    refusal = BY_NAME[name]() if name in BY_NAME else IdConflict()
    if isinstance(refusal, Declining):
        refusal.missing = missing
    return refusal
