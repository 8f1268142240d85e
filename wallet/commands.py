"""What `hameau asset …` asks for, carried out by whoever owns the database."""

from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from kit.app import App
from kit.auth import Principal
from kit.errors import Invalid
from kit.shape_words import field_and_words
from wallet.exports.reading import currencies as by_code
from wallet.models.currency import Currency
from wallet.queries.balances import Circulation
from wallet.queries.balances import circulation as where_it_stands
from wallet.service import currencies
from wallet.service.currency_rules import CurrencyValues, NoSuchCurrency

BY = Principal(name="hameau asset")
Args = dict[str, Any]
SHOWN = ("code", "name", "symbol", "nature", "reach", "scale", "issuer")
COUNTED = ("issued", "opening", "in_wallets", "held", "taken", "expired")


def listing(app: App, args: Args) -> Args:
    """Currencies by short name."""
    with app.db.read() as session:
        found = by_code(session)
        return {"assets": [row_of(one) for one in found if args.get("archived") or not one.archived_at]}


def create(app: App, args: Args) -> Args:
    """A new currency. Raises Invalid, NotPrimary, CodeTaken, CurrencyNameTaken."""
    node = app.settings.node
    is_primary = app.settings.network.primary == node.url

    def unit(session: Session) -> Args:
        values = _values(args["values"])
        return row_of(currencies.create_currency(session, BY, values, node.url, is_primary=is_primary))

    try:
        return app.db.write(unit)
    except Invalid as refusal:  # a command has no form to show each sentence beside its field
        raise Invalid(" ".join(refusal.fields.values()) or None, fields=refusal.fields) from refusal


def archive(app: App, args: Args) -> Args:
    """Archive a currency or bring it back. Raises NoSuchCurrency, CurrencyNameTaken."""
    verb = currencies.restore_currency if args.get("restore") else currencies.archive_currency
    return app.db.write(lambda session: row_of(verb(session, BY, _known(session, args["code"]).id)))


def circulation(app: App, _args: Args) -> Args:
    """Where every currency stands, in minor units."""
    with app.db.read() as session:
        return {"assets": [_standing(one) for one in where_it_stands(session)]}


def row_of(currency: Currency) -> Args:
    """A currency as one line of an answer."""
    told = {"id": str(currency.id)} | {name: getattr(currency, name) for name in SHOWN}
    return told | {"archived": currency.archived_at is not None}


def _standing(found: Circulation) -> Args:
    told = {"code": found.currency.code, "name": found.currency.name, "scale": found.currency.scale}
    return told | {name: getattr(found, name) for name in COUNTED}


def _values(said: Args) -> CurrencyValues:
    try:
        return msgspec.convert(said, CurrencyValues)
    except msgspec.ValidationError as error:
        where, words = field_and_words(error, "values")
        raise Invalid(fields={where: f"{where}: {words}"}) from error


def _known(session: Session, code: str) -> Currency:
    found = session.scalars(select(Currency).where(Currency.code == code)).one_or_none()
    if found is None:
        raise NoSuchCurrency
    return found


COMMANDS = {
    "asset.list": listing,
    "asset.create": create,
    "asset.archive": archive,
    "asset.circulation": circulation,
}
