"""Why a card cannot be joined to my wallet by myself."""

from kit.errors import Conflict, Gone, Invalid
from kit.i18n import lazy


class NoCardSaid(Invalid):
    name = "no_card_said"
    default = lazy("I type the number that is printed on my card.")


class CardOfTeam(Conflict):
    name = "card_of_team"
    default = lazy("This is a card of the team. Only the collective can link it.")


class CardMine(Conflict):
    name = "card_mine"
    default = lazy("This card opens my wallet already.")


class CardGuessable(Conflict):
    name = "card_guessable"
    default = lazy("This number is easy to guess. I show my card at the counter: they link it to me.")


class MoneyLeft(Conflict):
    name = "money_left"
    default = lazy("Money is left in my wallet. I spend it first, or I take it back at the counter.")


class NoWallet(Gone):
    name = "no_wallet"
    default = lazy("I have no wallet here.")
