"""What nodes may agree about money: limits that make sense, terms that can be believed, named refusals."""

import re
import unicodedata
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from kit.errors import Conflict, NotFound
from kit.i18n import _, lazy
from wallet.between.messages import Limits, Terms
from wallet.choices import GrantFigures, TakingLimits
from wallet.models.currency import NATURES, Currency
from wallet.pairing import pairing_of
from wallet.queries.village_terms import place_of
from wallet.service.currency_rules import AT_PAR, CODE, LONGEST_CODE

MOST_LIMIT: Final = 1_000_000_000
"""Ten million euros in cents: no limit is higher, whoever names it."""
MOST_TERMS: Final = 32
"""Currencies that one node offers to another."""
MOST_DAYS: Final = 366
MOST_AGE: Final = 7 * 86_400
LEAST_AGE: Final = 60
LONGEST_NAME: Final = 60
LONGEST_SYMBOL: Final = 8
MOST_REV: Final = 2**53 - 1
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Signs that show nothing, or turn round what stands beside them."""
_WIRE: Final = re.compile(r"[a-z0-9.\-\[\]:]{1,100}/[a-z0-9\-]{1,40}")


class NotInVillage(NotFound):
    name = "not_in_village"
    default = lazy("I exchange with no such node, or the exchange is paused.")


class NoSuchAgreement(NotFound):
    name = "no_such_agreement"
    default = lazy("Nothing was agreed about this currency with this node.")


class NoSuchGrant(NotFound):
    name = "no_such_grant"
    default = lazy("There is no such grant.")


class CurrencyNotOurs(Conflict):
    name = "currency_not_ours"
    default = lazy("Another node issues this currency. Only its issuer lets others take it.")


class StaysHere(Conflict):
    name = "stays_here"
    default = lazy("This currency is spent only where it was given. Nobody else may take it.")


class NotInNetwork(Conflict):
    name = "not_in_network"
    default = lazy("Only nodes named in my settings may take the network currency.")


class NothingToTake(Conflict):
    name = "nothing_to_take"
    default = lazy("This currency is not offered any more.")


def wrong_limits(limits: TakingLimits) -> dict[str, str]:
    """A sentence for each limit that makes no sense."""
    wrong = {}
    for name in limits.__struct_fields__:
        if not 0 < getattr(limits, name) <= MOST_LIMIT:
            wrong[name] = _("I write an amount above zero, and at most 10 million.")
    if not wrong and limits.per_tap > limits.per_card_day:
        wrong["per_tap"] = _("One payment cannot be more than a card pays in a day.")
    if not wrong and limits.per_tap > limits.per_minute:
        wrong["per_tap"] = _("One payment cannot be more than what is taken in a minute.")
    if not wrong and limits.per_tap > limits.node_max:
        wrong["per_tap"] = _("One payment cannot be more than what the node may be owed.")
    return wrong


def wrong_figures(figures: GrantFigures, node_max: int = MOST_LIMIT) -> dict[str, str]:
    """A sentence for each figure of a grant that makes no sense. `node_max`: what was agreed in all."""
    wrong = {}
    for name in ("per_tap", "per_card", "per_card_day", "node_max"):
        if not 0 < getattr(figures, name) <= MOST_LIMIT:
            wrong[name] = _("I write an amount above zero, and at most 10 million.")
    if not 1 <= figures.days <= MOST_DAYS:
        wrong["days"] = _("A grant lasts from 1 to 366 days.")
    if not LEAST_AGE <= figures.hotlist_age <= MOST_AGE:
        wrong["hotlist_age"] = _("The list of lost cards is at most 7 days old.")
    if not wrong:
        wrong = _out_of_order(figures, node_max)
    return wrong


def wrong_terms(session: Session, peer: str, said: Limits) -> str:
    """Why what `peer` says it issues cannot be believed, by name; "" when it can."""
    if not 0 < said.rev <= MOST_REV or not 0 < said.epoch <= MOST_REV or len(said.terms) > MOST_TERMS:
        return "malformed"
    if len({one.asset for one in said.terms}) < len(said.terms):
        return "malformed"
    return next(filter(None, (_wrong_term(session, peer, one) for one in said.terms)), "")


def is_plain(text: str, longest: int) -> bool:
    """A word that shows as it is: neither too long nor full of signs that nobody sees."""
    return len(text) <= longest and not any(unicodedata.category(sign) in _HIDDEN for sign in text)


def _out_of_order(figures: GrantFigures, node_max: int) -> dict[str, str]:
    if figures.per_tap > figures.per_card:
        return {"per_tap": _("One payment cannot be more than what one card may owe.")}
    if figures.per_card > figures.node_max:
        return {"per_card": _("One card cannot owe more than all cards together.")}
    if figures.per_tap > figures.per_card_day:
        return {"per_tap": _("One payment cannot be more than a card pays in a day.")}
    if figures.node_max > node_max:
        return {"node_max": _("It cannot be more than what was agreed while the line works.")}
    return {}


def _wrong_term(session: Session, peer: str, one: Terms) -> str:
    place, _slash, code = one.asset.rpartition("/")
    if place != place_of(peer) or not CODE.fullmatch(code) or len(code) > LONGEST_CODE:
        return "not_yours"
    if not _WIRE.fullmatch(one.asset):
        return "malformed"
    if not one.name.strip() or not is_plain(one.name, LONGEST_NAME):
        return "name_refused"
    if not is_plain(one.symbol, LONGEST_SYMBOL) or any(sign.isdigit() for sign in one.symbol):
        return "name_refused"
    return _wrong_kind(session, peer, one) or _wrong_amounts(one) or _taken(session, peer, one)


def _wrong_kind(session: Session, peer: str, one: Terms) -> str:
    if one.nature not in NATURES or one.reach not in ("network", "local"):
        return "stays_there" if one.reach == "issuer_only" else "malformed"
    if one.nature == "gift":
        return "stays_there"
    if one.at_par != (one.nature in AT_PAR) or not 0 <= one.scale <= 6 or (one.at_par and one.scale != 2):
        return "malformed"
    is_network = one.reach == "network"
    if is_network and (one.nature != "money" or peer != pairing_of(session).primary):
        return "not_primary"
    return ""


def _wrong_amounts(one: Terms) -> str:
    amounts = (one.per_tap, one.per_card_day, one.per_minute, one.node_max)
    return "" if all(0 <= amount <= MOST_LIMIT for amount in amounts) else "over_most"


def _taken(session: Session, peer: str, one: Terms) -> str:
    """A currency that is known under this id or name must be this very one."""
    same = select(Currency).where((Currency.id == one.currency) | (Currency.code == one.asset))
    for known in session.scalars(same):
        if known.issuer != peer:
            return "not_yours"
        what = (known.id, known.code, known.nature, known.reach, known.scale, known.at_par)
        if what != (one.currency, one.asset, one.nature, one.reach, one.scale, one.at_par):
            return "currency_changed"
    return ""
