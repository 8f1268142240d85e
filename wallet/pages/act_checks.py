"""What a form of the back office asks of a wallet, read and checked before anything is confirmed."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct
from sqlalchemy.orm import Session

from kit import clock
from kit.choices import read_choice
from kit.errors import Invalid
from kit.i18n import _
from kit.web import Call
from wallet.choices import MoneyRules
from wallet.models.currency import Currency
from wallet.money import amount_text, parse_amount
from wallet.queries.balances import Balance, balances
from wallet.queries.desk import Purse, all_currencies, purses
from wallet.refusals import WalletUnknown

TOP_UP: Final = "top-up"
GIFT: Final = "gift"
CASH_OUT: Final = "cash-out"
LONGEST_GIFT: Final = timedelta(days=3660)
NATURES: Final = {
    TOP_UP: frozenset({"money", "time", "loyalty", "free"}),
    GIFT: frozenset({"gift"}),
    CASH_OUT: frozenset({"money"}),
}
"""What each verb is for: vouchers are given, only money is ever given back."""


class ActForm(Struct, frozen=True):
    """An amount of a currency for a wallet; `sure` and `key` once it is confirmed. `until` is a day."""

    currency: UUID
    amount: Annotated[str, Meta(max_length=20)]
    key: Annotated[str, Meta(max_length=64)] = ""
    reason: Annotated[str, Meta(max_length=200)] = ""
    until: Annotated[str, Meta(max_length=10)] = ""
    sure: bool = False


@dataclass(frozen=True)
class Asked:
    """What is about to happen: all that the confirmation says. Amounts are minor units."""

    verb: str
    purse: Purse
    currency: Currency
    amount: int
    before: int
    expires_at: datetime | None = None
    reason: str = ""

    @property
    def after(self) -> int:
        return self.before - self.amount if self.verb == CASH_OUT else self.before + self.amount


@dataclass(frozen=True)
class Known:
    """A wallet, the currencies of the node and what it holds of them."""

    purse: Purse
    currencies: list[Currency]
    held: list[Balance]

    def choices(self, verb: str) -> list[Currency]:
        """The currencies that fit the verb: in use to load, held to give back."""
        mine = {one.currency.id for one in self.held if one.free > 0}
        fitting = [one for one in self.currencies if one.nature in NATURES[verb]]
        return [one for one in fitting if (one.id in mine if verb == CASH_OUT else one.archived_at is None)]

    def amount(self, currency: Currency) -> int:
        return sum(one.amount for one in self.held if one.currency.id == currency.id)

    def free(self, currency: Currency) -> int:
        return sum(one.free for one in self.held if one.currency.id == currency.id)


def known(call: Call, session: Session) -> Known:
    """The wallet of the address. Raises WalletUnknown."""
    found = purses(session, [call.path["id"]])
    if not found:
        raise WalletUnknown
    return Known(found[0], list(all_currencies(session)), list(balances(session, call.path["id"])))


def asked(verb: str, call: Call, session: Session, form: ActForm) -> Asked:
    """What the form says. Once confirmed, only the ledger judges: it answers a repeated press alike.

    Raises Invalid, WalletUnknown.
    """
    wallet = known(call, session)
    fitting = [one for one in wallet.currencies if one.nature in NATURES[verb]]
    chosen = next((one for one in fitting if one.id == form.currency), None)
    if chosen is None or not (form.sure or chosen in wallet.choices(verb)):
        raise Invalid(fields={"currency": _("I choose one of the currencies of the list.")})
    amount = read_amount(form.amount, chosen.scale)
    if not form.sure:
        _refuse_caps(verb, call, session, wallet, (chosen, amount))
    expires_at = _expiry(call, form, chosen, read_choice(session, MoneyRules)) if verb == GIFT else None
    return Asked(verb, wallet.purse, chosen, amount, wallet.amount(chosen), expires_at, form.reason)


def in_words(call: Call, currency: Currency, amount: int) -> str:
    """The amount as people of this page read it."""
    return amount_text(amount, currency.scale, currency.symbol, call.language)


def read_amount(text: str, scale: int) -> int:
    """What the field `amount` says, in minor units. Raises Invalid on that field."""
    try:
        return parse_amount(text, scale)
    except Invalid as wrong:
        raise Invalid(fields={"amount": wrong.sentence}) from wrong


def _refuse_caps(
    verb: str, call: Call, session: Session, wallet: Known, wanted: tuple[Currency, int]
) -> None:
    """Say at once what the ledger would refuse. Raises Invalid on the amount."""
    (currency, amount), rules = wanted, read_choice(session, MoneyRules)
    free, held = wallet.free(currency), wallet.amount(currency)
    cap = {TOP_UP: rules.top_up_most, CASH_OUT: rules.cash_out_most}.get(verb)
    if verb == CASH_OUT and amount > free:
        _refuse(_("There is only {amount} to give back."), call, currency, free)
    if cap is not None and amount > cap:
        _refuse(_("At most {amount} at a time."), call, currency, cap)
    if verb != CASH_OUT and held + amount > rules.wallet_most:
        _refuse(_("A wallet holds at most {amount}."), call, currency, rules.wallet_most)


def _refuse(sentence: str, call: Call, currency: Currency, amount: int) -> None:
    raise Invalid(fields={"amount": sentence.format(amount=in_words(call, currency, amount))})


def _expiry(call: Call, form: ActForm, currency: Currency, rules: MoneyRules) -> datetime | None:
    """The end of the last day: the one written, or the currency's usual duration. Raises Invalid."""
    zone = ZoneInfo(call.collective.timezone)
    today = clock.now().astimezone(zone).date()
    if form.until:
        last = _day(form.until)
        if last < today:
            raise Invalid(fields={"until": _("This day is over.")})
        if last > today + LONGEST_GIFT:
            raise Invalid(fields={"until": _("Ten years at most.")})
    else:
        days = rules.gift_days if currency.gift_days is None else currency.gift_days
        if not days:
            return None
        last = today + timedelta(days=days)
    return datetime.combine(last, time(23, 59, 59), zone)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(fields={"until": _("I write a day.")}) from error
