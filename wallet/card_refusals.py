"""The named refusals of cards: what is wrong with a tap, a number, a list, a link."""

from kit.errors import Conflict, Invalid, NotFound
from kit.i18n import lazy


class CardMessageMalformed(Invalid):
    name = "card_malformed"
    default = lazy("This card's message is not complete. I tap the card again.")


class CardAltered(Invalid):
    name = "card_altered"
    default = lazy("This card's message was altered, or comes from another house.")


class CardWrong(Invalid):
    name = "card_wrong"
    default = lazy("This message belongs to another card.")


class CardAmbiguous(Conflict):
    name = "card_ambiguous"
    default = lazy("Two cards fit what I typed. I type the number printed on the card.")


class CardKnown(Conflict):
    name = "card_known"
    default = lazy("This card is known here already.")


class CardTaken(Conflict):
    name = "card_taken"
    default = lazy("This card belongs to someone else.")


class BadCard(Invalid):
    name = "bad_card"
    default = lazy("I cannot read this card. I correct it below.")


class BatchUnknown(NotFound):
    name = "batch_unknown"
    default = lazy("This batch of cards is not known here.")


class BatchUnreadable(Invalid):
    name = "batch_unreadable"
    default = lazy("I cannot read this list of cards.")


class BatchWrong(Invalid):
    name = "batch_wrong"
    default = lazy("Some lines are wrong. I correct the list and look at it again.")


class TotalDiffers(Invalid):
    name = "total_differs"
    default = lazy("This is not the total of the list. I add it up again.")


class BatchUndone(Conflict):
    name = "batch_undone"
    default = lazy("The opening balances of this batch were taken back already.")
