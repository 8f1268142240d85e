"""What a currency may be: its words, its code, where it can be spent. Usual ones, ready to be added."""

import re
from collections.abc import Mapping
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from kit.errors import Conflict, NotFound
from kit.i18n import _, lazy
from kit.picture_words import PICTURES
from wallet.ledger.shapes import Nature, Reach

PICTOGRAMS: Final = frozenset(PICTURES) | {"hourglass", "piggy-bank", "hand-coins"}
CODE: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_CODE: Final = 40
LONGEST_GIFT: Final = 3650
LONGEST_HOUSE: Final = 100
AT_PAR: Final = frozenset({"money", "gift"})
"""Natures whose hundred units are always one euro."""
SCALES: Final[Mapping[str, int]] = {"money": 2, "gift": 2, "time": 2, "loyalty": 0, "free": 2}
"""Decimals when nobody says otherwise: cents, hundredths of an hour, whole points."""
USUAL_KINDS: Final = ("local", "gift", "time", "loyalty")
Kind = Literal["local", "gift", "time", "loyalty", "network", "free"]


class NoSuchCurrency(NotFound):
    name = "no_such_currency"
    default = lazy("This currency is not in my list.")


class CodeTaken(Conflict):
    name = "code_taken"
    default = lazy("Another currency has this short name.")


class CurrencyNameTaken(Conflict):
    name = "currency_name_taken"
    default = lazy("Another currency has this name.")


class NotPrimary(Conflict):
    name = "not_primary"
    default = lazy("Only the primary node of the network can hold the network currency.")


class CurrencyWords(Struct, frozen=True, kw_only=True):
    """What may change of a currency. `gift_days`: how many days a voucher lasts,
    0 for ever, None as the rules of money say."""

    name: Annotated[str, Meta(max_length=60)]
    symbol: Annotated[str, Meta(max_length=8)] = ""
    icon: Annotated[str, Meta(max_length=40)] = "coins"
    where_spent: Annotated[str, Meta(max_length=200)] = ""
    gift_days: Annotated[int, Meta(ge=0, le=LONGEST_GIFT)] | None = None


class CurrencyValues(CurrencyWords, frozen=True, kw_only=True):
    """A new currency. An empty `code` is made from the name; without `scale`, that of its nature."""

    nature: Nature = "money"
    reach: Reach = "local"
    code: Annotated[str, Meta(max_length=LONGEST_CODE)] = ""
    scale: Annotated[int, Meta(ge=0, le=6)] | None = None

    @property
    def decimals(self) -> int:
        return SCALES[self.nature] if self.scale is None else self.scale


def wrong_words(words: CurrencyWords) -> dict[str, str]:
    """A sentence for each word that does not fit."""
    wrong = {}
    if not words.name.strip():
        wrong["name"] = _("I give it a name.")
    if not words.where_spent.strip():
        wrong["where_spent"] = _("I write where people can spend it.")
    if any(sign.isdigit() for sign in words.symbol):
        wrong["symbol"] = _("A symbol holds no digit: it would be read as an amount.")
    if words.icon not in PICTOGRAMS:
        wrong["icon"] = _("I choose one of the drawings.")
    return wrong


def wrong_kind(values: CurrencyValues) -> dict[str, str]:
    """A sentence for each thing that a currency of this nature cannot be."""
    wrong = {}
    if values.nature == "gift" and values.reach != "issuer_only":
        wrong["reach"] = _("A gift voucher is spent only where it was given.")
    if values.reach == "network" and values.nature != "money":
        wrong["reach"] = _("Only money is spent in the whole network.")
    if values.nature in AT_PAR and values.decimals != 2:
        wrong["scale"] = _("Money and vouchers are counted in euros and cents: two decimals.")
    if values.gift_days is not None and values.nature != "gift":
        wrong["gift_days"] = _("Only gift vouchers come to an end.")
    if values.code and not CODE.fullmatch(values.code):
        wrong["code"] = _("Small letters without accents, digits and hyphens. Example: coquille.")
    return wrong


def usual(kind: Kind, house: str) -> CurrencyValues:
    """A currency of this kind with everything said, ready to be added or changed. `house`: who holds it."""
    made = {
        "local": _local, "gift": _gift, "time": _time, "loyalty": _loyalty, "network": _network, "free": _free
    }  # fmt: skip
    return made[kind](house[:LONGEST_HOUSE])


def _local(house: str) -> CurrencyValues:
    return CurrencyValues(
        name=_("Currency of {name}").format(name=house)[:60],
        symbol="€",
        icon="coins",
        where_spent=_("I pay at {name}. 1 is worth 1 euro.").format(name=house),
        code="local",
    )


def _gift(house: str) -> CurrencyValues:
    return CurrencyValues(
        nature="gift",
        reach="issuer_only",
        name=_("Gift voucher"),
        symbol="€",
        icon="gift",
        where_spent=_("Given by {name}. I spend it only there.").format(name=house),
        gift_days=365,
        code="gift",
    )


def _time(house: str) -> CurrencyValues:
    return CurrencyValues(
        nature="time",
        name=_("Time currency"),
        symbol="h",
        icon="hourglass",
        where_spent=_("I earn hours when I help. I spend them at {name}.").format(name=house),
        code="time",
    )


def _loyalty(house: str) -> CurrencyValues:
    return CurrencyValues(
        nature="loyalty",
        reach="issuer_only",
        name=_("Loyalty points"),
        symbol=_("pts"),
        icon="star",
        where_spent=_("I receive points when I come to {name}. I spend them there.").format(name=house),
        code="points",
    )


def _network(_house: str) -> CurrencyValues:
    return CurrencyValues(
        reach="network",
        name=_("Network currency"),
        symbol="€",
        icon="globe-hemisphere-west",
        where_spent=_("I pay in all collectives of the network. 1 is worth 1 euro."),
        code="network",
    )


def _free(house: str) -> CurrencyValues:
    return CurrencyValues(
        nature="free",
        name=_("Free currency"),
        icon="leaf",
        where_spent=_("I spend it at {name}. It is not worth euros.").format(name=house),
        code="free",
    )
