"""`/api/v1/assets`: the currencies of this node."""

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import UNSET, Struct
from sqlalchemy.orm import Session

from kit.web import Call, api, read, write
from wallet.api.bodies import AssetFields, AssetPatch
from wallet.exports import reading
from wallet.models.currency import Currency
from wallet.service import currencies
from wallet.service.currency_rules import (
    CodeTaken,
    CurrencyNameTaken,
    CurrencyValues,
    CurrencyWords,
    NoSuchCurrency,
    NotPrimary,
)

PATH = "/api/v1/assets"


class AssetJson(Struct, frozen=True):
    """A currency. `scale` is how many decimals its amounts have; an archived one is no longer given."""

    id: UUID
    code: str
    name: str
    symbol: str
    icon: str
    where_spent: str
    nature: str
    reach: str
    scale: int
    at_par: bool
    gift_days: int | None
    issuer: str
    created_at: datetime
    archived_at: datetime | None


class AssetList(Struct, frozen=True):
    """All currencies, by code."""

    items: list[AssetJson]
    next: str = ""


def asset_json(currency: Currency) -> AssetJson:
    return AssetJson(**{field: getattr(currency, field) for field in AssetJson.__struct_fields__})


@read
def list_assets(_call: Call, session: Session) -> AssetList:
    return AssetList([asset_json(currency) for currency in reading.currencies(session)])


@read
def get_asset(call: Call, session: Session) -> AssetJson:
    return asset_json(currencies.currency_by_id(session, call.path["id"]))


@write
def create_asset(call: Call, session: Session) -> AssetJson:
    fields = call.body(AssetFields)
    values = CurrencyValues(**{name: getattr(fields, name) for name in CurrencyValues.__struct_fields__})
    node, network = call.app.settings.node, call.app.settings.network
    made = currencies.create_currency(
        session, call.principal, values, node.url, is_primary=network.primary == node.url
    )
    return asset_json(made)


@write
def patch_asset(call: Call, session: Session) -> AssetJson:
    """New words are shown at once; transfers of before keep those of their day."""
    patch = call.body(AssetPatch)
    currency = currencies.currency_by_id(session, call.path["id"])
    if patch.archived is True:
        currencies.archive_currency(session, call.principal, currency.id)
    elif patch.archived is False:
        currencies.restore_currency(session, call.principal, currency.id)
    if words := _said(patch):
        known = CurrencyWords(**{name: getattr(currency, name) for name in CurrencyWords.__struct_fields__})
        values = msgspec.structs.replace(known, **words)
        currencies.rename_currency(session, call.principal, currency.id, values)
    return asset_json(currency)


def _said(patch: AssetPatch) -> dict[str, object]:
    values = {name: getattr(patch, name) for name in CurrencyWords.__struct_fields__}
    return {name: value for name, value in values.items() if value is not UNSET}


READ = {"scope": "money:read", "needs": "signed_in"}
WRITE = {"scope": "money:write", "needs": "money.currencies", "answer": AssetJson}
REFUSALS = (CodeTaken, CurrencyNameTaken, NotPrimary)

DOORS = (
    api("GET", PATH, "api.assets", list_assets, answer=AssetList, summary="Currencies", **READ),
    api(
        "GET", f"{PATH}/{{id:uuid}}", "api.asset", get_asset,
        answer=AssetJson, refusals=(NoSuchCurrency,), summary="One currency", **READ,
    ),
    api(
        "POST", PATH, "api.assets.create", create_asset,
        body=AssetFields, status=201, refusals=REFUSALS, summary="Create a currency", **WRITE,
    ),
    api(
        "PATCH", f"{PATH}/{{id:uuid}}", "api.assets.patch", patch_asset,
        body=AssetPatch, refusals=(NoSuchCurrency, CurrencyNameTaken),
        summary="Call a currency otherwise, archive it, bring it back", **WRITE,
    ),
)  # fmt: skip
