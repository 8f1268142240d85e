"""Currencies: created, called otherwise, archived, brought back. What people hold of them never changes."""

import re
from typing import Final
from uuid import UUID, uuid5

from msgspec import structs
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kit import clock
from kit.auth import Principal
from kit.errors import Invalid
from kit.facts import emit
from kit.i18n import Lazy, _, lazy
from kit.ids import new_id
from people.audit import record
from people.words import folded
from wallet.facts import CurrencyArchived, CurrencyCreated, CurrencyRenamed
from wallet.models.currency import OURS, Currency, CurrencyWording
from wallet.service import currency_rules as rules
from wallet.service.currency_rules import CurrencyValues, CurrencyWords

WORDS: Final = ("name", "symbol", "icon", "where_spent")
_USUAL: Final = UUID("6f0d1a52-9c1e-5b61-8d0a-2b8a4b6a5c01")
HOUSE: Final = Principal(None, "Hameau", "")
"""Who adds what comes out of the box."""


def create_currency(
    session: Session,
    by: Principal,
    values: CurrencyValues,
    here: str,
    *,
    is_primary: bool = False,
    currency_id: UUID | None = None,
) -> Currency:
    """Add a currency held by `here`, this node's address; the same `currency_id` adds it once.

    Raises Invalid (a sentence per field), NotPrimary, CodeTaken, CurrencyNameTaken.
    """
    known = session.get(Currency, currency_id) if currency_id else None
    if known is not None:
        return known
    _refuse_wrong(rules.wrong_words(values) | rules.wrong_kind(values))
    if values.reach == "network" and not is_primary:
        raise rules.NotPrimary(fields={"reach": str(rules.NotPrimary.default)})
    _refuse_name(session, values.name)
    currency = _new(values, here, _code(session, values), currency_id or new_id())
    session.add(currency)
    session.flush()
    _word(session, currency)
    _note(session, by, lazy("Currency created"), currency)
    emit(session, CurrencyCreated(currency.id))
    return currency


def rename_currency(session: Session, by: Principal, currency_id: UUID, words: CurrencyWords) -> Currency:
    """Other words, shown at once; receipts written before keep the words of their day.

    Raises NoSuchCurrency, Invalid, CurrencyNameTaken.
    """
    currency = own_currency(session, currency_id)
    wrong = rules.wrong_words(words)
    if words.gift_days is not None and currency.nature != "gift":
        wrong["gift_days"] = _("Only gift vouchers come to an end.")
    _refuse_wrong(wrong)
    _refuse_name(session, words.name, but=currency.id)
    was = [getattr(currency, field) for field in (*WORDS, "gift_days")]
    _write(currency, words)
    if was == [getattr(currency, field) for field in (*WORDS, "gift_days")]:
        return currency
    if was[: len(WORDS)] != [getattr(currency, field) for field in WORDS]:
        _word(session, currency)
    _note(session, by, lazy("Currency changed"), currency, was=was[0])
    emit(session, CurrencyRenamed(currency.id))
    return currency


def archive_currency(session: Session, by: Principal, currency_id: UUID) -> Currency:
    """It is no longer given; what people hold can still be spent. Raises NoSuchCurrency."""
    currency = own_currency(session, currency_id)
    if currency.archived_at is None:
        currency.archived_at = clock.now()
        _note(session, by, lazy("Currency archived"), currency)
        emit(session, CurrencyArchived(currency.id))
    return currency


def restore_currency(session: Session, by: Principal, currency_id: UUID) -> Currency:
    """It is given again. Raises NoSuchCurrency, CurrencyNameTaken."""
    currency = own_currency(session, currency_id)
    if currency.archived_at is not None:
        _refuse_name(session, currency.name, but=currency.id)
        currency.archived_at = None
        _note(session, by, lazy("Currency brought back"), currency)
        emit(session, CurrencyRenamed(currency.id))
    return currency


def usual_currency(session: Session, by: Principal, kind: rules.Kind, house: str, here: str) -> Currency:
    """Add one of the usual currencies as it comes; asked again, it comes back.

    Raises CodeTaken or CurrencyNameTaken when another one took its place.
    """
    currency_id = uuid5(_USUAL, f"{here} {kind}")
    if session.get(Currency, currency_id) is not None:
        return restore_currency(session, by, currency_id)
    values = _with_free_code(session, rules.usual(kind, house))
    return create_currency(session, by, values, here, currency_id=currency_id)


def default_currencies(session: Session, name: str, here: str) -> list[Currency]:
    """What every collective has out of the box, a local currency and vouchers, when it has no currency yet.

    Asked again, it adds nothing.
    """
    if session.scalar(select(Currency.id).where(OURS).limit(1)) is not None:
        return []
    return [usual_currency(session, HOUSE, kind, name, here) for kind in ("local", "gift")]


def currency_by_id(session: Session, currency_id: UUID) -> Currency:
    """Raises NoSuchCurrency."""
    found = session.get(Currency, currency_id)
    if found is None:
        raise rules.NoSuchCurrency
    return found


def own_currency(session: Session, currency_id: UUID) -> Currency:
    """One that this node issues: only its words are ours to change. Raises NoSuchCurrency."""
    found = currency_by_id(session, currency_id)
    if found.is_foreign:
        raise rules.NoSuchCurrency
    return found


def _new(values: CurrencyValues, here: str, code: str, currency_id: UUID) -> Currency:
    currency = Currency(
        id=currency_id,
        code=code,
        issuer=here,
        nature=values.nature,
        reach=values.reach,
        scale=values.decimals,
        at_par=values.nature in rules.AT_PAR,
        created_at=clock.now(),
        archived_at=None,
    )
    _write(currency, values)
    return currency


def _write(currency: Currency, words: CurrencyWords) -> None:
    for field in WORDS:
        setattr(currency, field, getattr(words, field).strip())
    currency.gift_days = words.gift_days


def _word(session: Session, currency: Currency) -> None:
    """From now on it is called so."""
    last = select(func.max(CurrencyWording.number)).where(CurrencyWording.currency_id == currency.id)
    words = {field: getattr(currency, field) for field in WORDS}
    number = (session.scalar(last) or 0) + 1
    session.add(CurrencyWording(currency_id=currency.id, number=number, at=clock.now(), **words))
    session.flush()


def _code(session: Session, values: CurrencyValues) -> str:
    """The given code, or one made from the name. Raises CodeTaken."""
    if not values.code:
        return _free_code(session, values.name)
    if session.scalar(select(Currency.id).where(Currency.code == values.code)) is not None:
        raise rules.CodeTaken(fields={"code": str(rules.CodeTaken.default)})
    return values.code


def _with_free_code(session: Session, values: CurrencyValues) -> CurrencyValues:
    return structs.replace(values, code=_free_code(session, values.code))


def _free_code(session: Session, words: str) -> str:
    """A code that nobody has: "coquilles", or "coquilles-2"."""
    wish = (
        re.sub(r"[^a-z0-9]+", "-", folded(words)).strip("-")[: rules.LONGEST_CODE - 6].strip("-") or "money"
    )
    taken = set(session.scalars(select(Currency.code).where(Currency.code.startswith(wish))))
    tries = (wish if number == 1 else f"{wish}-{number}" for number in range(1, len(taken) + 2))
    return next(code for code in tries if code not in taken)


def _refuse_name(session: Session, name: str, but: UUID | None = None) -> None:
    """Two currencies of ours in use never share a name. Raises CurrencyNameTaken."""
    others = select(Currency.name).where(OURS, Currency.archived_at.is_(None))
    others = others.where(Currency.id != (but or UUID(int=0)))
    if folded(name.strip()) in {folded(other) for other in session.scalars(others)}:
        raise rules.CurrencyNameTaken(fields={"name": str(rules.CurrencyNameTaken.default)})


def _refuse_wrong(wrong: dict[str, str]) -> None:
    if wrong:
        raise Invalid(fields=wrong)


def _note(session: Session, by: Principal, verb: Lazy, currency: Currency, **details: str) -> None:
    record(session, by, verb, currency.name, kind="currency", about_id=currency.id, details=details)
