"""`/api/pos/v1/catalogue` and `taps`: what may be sold, and what a Pass is and may pay here."""

import hashlib
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.web import Call, api, flow, json_answer, read
from pos_api.api.asking import asking
from pos_api.api.bodies import TapFields, tap_of
from pos_api.principal import Device
from pos_api.taps import close_tap
from sales.catalogue_rules import VAT_RATES
from sales.queries.catalogue import Catalogue, CatalogueProduct, catalogue, revision
from sales.queries.units import APART, units
from wallet import card_refusals as wrong
from wallet import refusals as cards
from wallet.flows_purse import Filled, Holding, fill_purse
from wallet.models.currency import OURS, Currency

NATURE_SOLD_AS = {"money": "top_up", "gift": "gift"} | dict.fromkeys(APART, "give")
NO_MORE = {one.name: one for one in (cards.CardLost, cards.CardBlocked, cards.CardReplaced)}


class ShelfJson(Struct, frozen=True, kw_only=True):
    """A category. `tone`: hot, cold, beer, wine, food or deposit; `icon`: a name of Phosphor."""

    id: UUID
    name: str
    tone: str
    icon: str


class OfferJson(Struct, frozen=True, kw_only=True):
    """One price, in cents by the product's unit, VAT included; null: the buyer chooses.

    With `asset` it is in minor units of that one of the `currencies`: a Pass alone pays it.
    """

    id: UUID
    name: str
    amount: int | None
    asset: UUID | None = None


class ProductJson(Struct, frozen=True, kw_only=True):
    """A product. `deposit`: the product that is added with it; `picture`: an address on this node, or ""."""

    id: UUID
    name: str
    category: UUID
    icon: str
    picture: str
    vat_rate: int
    sort: str
    unit: str
    deposit: UUID | None
    is_sold_out: bool
    prices: list[OfferJson]


class PointJson(Struct, frozen=True, kw_only=True):
    """A point of sale and its products, in the order of the screen."""

    id: UUID
    name: str
    icon: str
    products: list[UUID]


class SellableJson(Struct, frozen=True, kw_only=True):
    """What another room sells through the till: money or vouchers onto a Pass; "give": time or points."""

    kind: str
    asset: UUID
    name: str
    symbol: str
    scale: int


class CurrencyJson(Struct, frozen=True, kw_only=True):
    """A currency of time or points of this node; `scale`: its decimals."""

    asset: UUID
    code: str
    name: str
    symbol: str
    scale: int


class CatalogueJson(Struct, frozen=True, kw_only=True):
    """Everything that this till sells. `vat`: the rates in use, in basis points.

    `currencies`: those of time and points, in which prices may be.
    """

    revision: int
    vat: list[int]
    categories: list[ShelfJson]
    products: list[ProductJson]
    points: list[PointJson]
    sellables: list[SellableJson]
    currencies: list[CurrencyJson] = []


class BalanceJson(Struct, frozen=True, kw_only=True):
    """What the Pass holds of one currency; `host` keeps it, "" for this node."""

    asset: UUID
    name: str
    symbol: str
    scale: int
    amount: int
    nature: str
    host: str


class TapJson(Struct, frozen=True, kw_only=True):
    """A Pass, and what it may pay here now. A card out of use pays nothing, and `words` say why.

    `silent`: hosts that may keep money for it and did not answer in time. `must_prove`: its chip proves its
    taps and did not prove this one; it pays nothing and shows nothing, and `words` say what to do.
    """

    who: str
    state: str
    home: str
    balances: list[BalanceJson]
    payable: int
    ref: str
    words: str = ""
    silent: list[str] = []
    must_prove: bool = False


@read
def show_catalogue(call: Call, session: Session) -> Response:
    device = asking(call).device
    sold, known = _sellables(session), _currencies(session)
    tag = _tag(revision(session), device, sold, known)
    if tag in call.request.headers.get("if-none-match", ""):
        return _kept(Response(status_code=304), tag)
    told = replace(_catalogue_json(catalogue(session), device, sold), currencies=known)
    return _kept(json_answer(told), tag)


@flow
async def tap(call: Call) -> TapJson:
    said, device = tap_of(call.body(TapFields)), asking(call).device
    try:
        filled = await fill_purse(call.app, said)
    except tuple(NO_MORE.values()) as refusal:
        state = refusal.name.removeprefix("card_")
        return TapJson(
            who="Pass", state=state, home="", balances=[], payable=0, ref="", words=refusal.sentence
        )
    return _tap_json(filled, close_tap(call.app.seal, device.id, said))


def _tap_json(filled: Filled, ref: str) -> TapJson:
    return TapJson(
        who=filled.who or "Pass",
        state="active",
        home=_host(filled.home) or "here",
        balances=[_balance(one) for one in filled.holdings],
        payable=filled.payable,
        ref=ref,
        words=filled.unproved().sentence if filled.unproved else "",
        silent=[_host(one) for one in filled.silent],
        must_prove=filled.unproved is not None,
    )


def _balance(one: Holding) -> BalanceJson:
    return BalanceJson(
        asset=one.asset, name=one.name, symbol=one.symbol, scale=one.scale, amount=one.amount,
        nature=one.nature, host=_host(one.host),
    )  # fmt: skip


def _host(origin: str) -> str:
    return origin.partition("://")[2]


def _kept(response: Response, tag: str) -> Response:
    response.headers["etag"] = tag
    response.headers["cache-control"] = "private, no-cache"
    return response


def _tag(number: int, device: Device, sold: list[SellableJson], known: list[CurrencyJson]) -> str:
    seen = msgspec.json.encode([number, sorted(device.points), sold, known])
    return f'"{number}-{hashlib.sha256(seen).hexdigest()[:16]}"'


def _sellables(session: Session) -> list[SellableJson]:
    """Currencies of this node that are still given: those worth euros, and those of time and points."""
    is_sold = Currency.at_par | Currency.nature.in_(APART)
    wanted = select(Currency).where(
        OURS, Currency.archived_at.is_(None), is_sold, Currency.nature.in_(NATURE_SOLD_AS)
    )
    return [
        SellableJson(
            kind=NATURE_SOLD_AS[one.nature], asset=one.id, name=one.name, symbol=one.symbol, scale=one.scale
        )
        for one in session.scalars(wanted.order_by(Currency.nature.desc(), Currency.name))
    ]


def _currencies(session: Session) -> list[CurrencyJson]:
    return [
        CurrencyJson(asset=key, code=one.code, name=one.name, symbol=one.symbol, scale=one.scale)
        for key, one in sorted(units(session).items(), key=lambda pair: pair[1].code)
    ]


def _catalogue_json(whole: Catalogue, device: Device, sold: list[SellableJson]) -> CatalogueJson:
    """The points of sale of this till, with the products that they show and the deposits these need."""
    points = [one for one in whole.points if not device.points or str(one.id) in device.points]
    shown = {product for point in points for product in point.products}
    shown |= {one.deposit for one in whole.products if one.id in shown and one.deposit}
    return CatalogueJson(
        revision=whole.revision,
        vat=list(VAT_RATES),
        categories=[
            ShelfJson(id=one.id, name=one.name, tone=one.tone, icon=one.icon) for one in whole.categories
        ],
        products=[_product(one) for one in whole.products if one.id in shown],
        points=[
            PointJson(id=one.id, name=one.name, icon=one.icon, products=list(one.products)) for one in points
        ],
        sellables=sold,
    )


def _product(one: CatalogueProduct) -> ProductJson:
    return ProductJson(
        id=one.id,
        name=one.name,
        category=one.category,
        icon=one.icon,
        picture=one.picture,
        vat_rate=one.vat_rate,
        sort=one.sort,
        unit=one.unit,
        deposit=one.deposit,
        is_sold_out=one.is_sold_out,
        prices=[
            OfferJson(id=price.id, name=price.name, amount=price.amount, asset=price.currency_id)
            for price in one.prices
        ],
    )


DOORS = (
    api(
        "GET", "/api/pos/v1/catalogue", "pos.catalogue", show_catalogue,
        needs="machine", answer=CatalogueJson, summary="What this till sells, and at which price",
    ),
    api(
        "POST", "/api/pos/v1/taps", "pos.taps.create", tap,
        needs="machine", body=TapFields, answer=TapJson,
        refusals=(
            cards.CardUnknown, wrong.CardAmbiguous, wrong.CardMessageMalformed, wrong.CardAltered,
            wrong.CardWrong,
        ),
        summary="What a Pass is, and may pay here", repeatable=True,
    ),
)  # fmt: skip
