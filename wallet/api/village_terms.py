"""`/api/v1/village`: what nodes accept of each other, up to which limits, also while the line is cut."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType, structs
from sqlalchemy.orm import Session

from kit.choices import read_choice
from kit.errors import NotFound
from kit.web import Call, api, read, write
from wallet import permissions
from wallet.api.bodies import Amount, Body, NoFields
from wallet.between.desk import instant
from wallet.choices import GrantFigures, TakingLimits, VillageMoneyRules
from wallet.models.currency import Currency
from wallet.models.village import VillageAgreement, VillageGrant
from wallet.queries.village_agreements import Deal, Dealings, all_dealings, dealings_at
from wallet.queries.village_grants import currency_of, is_in_force, worst_case
from wallet.queries.village_grants import grants as all_grants
from wallet.queries.village_taking import wire_name
from wallet.service import village_agreements as agreements
from wallet.service import village_grants as grants
from wallet.service import village_rules as rules

PATH = "/api/v1/village"
Figure = Annotated[int, Meta(ge=1, le=rules.MOST_LIMIT)]


class LimitsJson(Struct, frozen=True, kw_only=True):
    """Minor units: at once, from one card in a day, in a minute, and owed in all."""

    per_tap: int
    per_card_day: int
    per_minute: int
    node_max: int


class AgreementJson(Struct, frozen=True, kw_only=True):
    """`acceptor` may take `code` of `issuer`; one of them is this node. `takes`: the acceptor said yes.

    `is_live`: something new may be taken. `is_heard`: the other side knows our last word.
    """

    peer: str
    asset: UUID
    code: str
    issuer: str
    acceptor: str
    limits: LimitsJson
    takes: bool
    paused_here: bool
    paused_there: bool
    is_live: bool
    is_heard: bool
    epoch: int
    rev: int
    changed_at: datetime


class AgreementList(Struct, frozen=True):
    """All agreements, by peer and currency."""

    items: list[AgreementJson]
    next: str = ""


class LimitsFields(Body, frozen=True, kw_only=True):
    per_tap: Figure
    per_card_day: Figure
    per_minute: Figure
    node_max: Figure


class AgreementFields(Body, frozen=True, kw_only=True):
    """Of a currency of ours: its `limits`, or null to take the offer back. Of theirs: whether we take it.

    What is left out stays as it is.
    """

    limits: LimitsFields | UnsetType | None = UNSET
    takes: bool | UnsetType = UNSET
    paused: bool | UnsetType = UNSET


class GrantJson(Struct, frozen=True, kw_only=True):
    """What `acceptor` may accept of `code` while it cannot ask `issuer`, in minor units.

    `used`: at the acceptor, accepted and not presented yet; at the issuer, presented. `told`: the acceptor's
    own count, as its issuer heard it at `told_at`. `is_closed`: after its end, the acceptor said what it had
    accepted, and nothing else counts. `hotlist_age`: seconds.
    """

    id: UUID
    issuer: str
    acceptor: str
    asset: UUID | None
    code: str
    per_tap: int
    per_card: int
    per_card_day: int
    node_max: int
    since: datetime
    until: datetime
    hotlist_age: int
    bearer: str
    used: int
    told: int | None
    told_at: datetime | None
    is_closed: bool
    is_revoked: bool
    is_live: bool
    is_heard: bool


class WorstJson(Struct, frozen=True, kw_only=True):
    """The most that can be lost of one currency, with these peers, and by one card."""

    asset: UUID
    code: str
    most: int
    per_card: int
    peers: list[str]


class GrantList(Struct, frozen=True, kw_only=True):
    """All grants, those that we gave first; the worst case as issuer and as acceptor."""

    items: list[GrantJson]
    as_issuer: list[WorstJson]
    as_acceptor: list[WorstJson]
    next: str = ""


class GrantFields(Body, frozen=True, kw_only=True):
    """A new grant for `peer` (its host); what is left out is as the choices of the house say."""

    peer: Annotated[str, Meta(max_length=200)]
    asset: UUID
    per_tap: Amount | UnsetType = UNSET
    per_card: Amount | UnsetType = UNSET
    per_card_day: Amount | UnsetType = UNSET
    node_max: Amount | UnsetType = UNSET
    days: Annotated[int, Meta(ge=1, le=rules.MOST_DAYS)] | UnsetType = UNSET
    hotlist_age: Annotated[int, Meta(ge=rules.LEAST_AGE, le=rules.MOST_AGE)] | UnsetType = UNSET
    bearer: Literal["issuer", "acceptor"] | None = None


@read
def list_agreements(_call: Call, session: Session) -> AgreementList:
    return AgreementList([_agreement(deal) for one in all_dealings(session) for deal in one.deals])


@write
def put_agreement(call: Call, session: Session) -> AgreementJson:
    """Raises NotFound, NoSuchAgreement, and as the verbs of the service."""
    fields, dealings = call.body(AgreementFields), _dealings(session, call.path["peer"])
    asset = _code(dealings, call.path["asset"])
    by, peer = call.principal, dealings.peer
    if isinstance(fields.limits, LimitsFields):
        limits = TakingLimits(**structs.asdict(fields.limits))
        agreements.offer_terms(session, by, peer, call.path["asset"], limits)
    elif fields.limits is None:
        agreements.withdraw(session, by, peer, asset)
    if fields.takes is not UNSET:
        (agreements.take if fields.takes else agreements.decline)(session, by, peer, asset)
    if fields.paused is not UNSET:
        (agreements.pause if fields.paused else agreements.resume)(session, by, peer, asset)
    row = agreements.agreement_of(session, peer, asset)
    return _agreement(Deal(row, session.get_one(Currency, row.currency_id)))


@read
def list_grants(_call: Call, session: Session) -> GrantList:
    rows = [*all_grants(session, is_ours=True), *all_grants(session, is_ours=False)]
    worst = worst_case(session)
    told = [
        [
            WorstJson(
                asset=one.currency.id,
                code=one.currency.code,
                most=one.most,
                per_card=one.per_card,
                peers=list(one.peers),
            )
            for one in side
        ]
        for side in (worst.as_issuer, worst.as_acceptor)
    ]
    items = [_grant(session, row) for row in rows if row.asset]
    return GrantList(items=items, as_issuer=told[0], as_acceptor=told[1])


@write
def give_grant(call: Call, session: Session) -> GrantJson:
    """Raises NotFound, and as the service."""
    fields = call.body(GrantFields)
    said = structs.asdict(fields)
    usual = read_choice(session, VillageMoneyRules).grant
    named = {name: said[name] for name in GrantFigures.__struct_fields__ if said[name] is not UNSET}
    figures = structs.replace(usual, **named)
    peer = _dealings(session, fields.peer).peer
    row = grants.issue_grant(session, call.principal, peer, fields.asset, figures, bearer=fields.bearer)
    return _grant(session, row)


@write
def end_grant(call: Call, session: Session) -> GrantJson:
    """Raises NoSuchGrant."""
    call.body(NoFields)
    row = session.get(VillageGrant, call.path["id"])
    if row is None or not row.asset:
        raise rules.NoSuchGrant
    verb = grants.revoke_grant if row.is_ours else grants.stop_using
    return _grant(session, verb(session, call.principal, row.id))


def _agreement(deal: Deal) -> AgreementJson:
    row: VillageAgreement = deal.row
    return AgreementJson(
        peer=row.peer,
        asset=row.currency_id,
        code=row.asset,
        issuer=row.issuer,
        acceptor=row.acceptor,
        limits=LimitsJson(**{name: getattr(row, name) for name in LimitsJson.__struct_fields__}),
        takes=row.takes,
        paused_here=row.is_paused_here,
        paused_there=row.is_paused_there,
        is_live=deal.is_live,
        is_heard=row.noted_rev >= row.rev,
        epoch=row.epoch,
        rev=row.rev,
        changed_at=row.changed_at,
    )


def _grant(session: Session, row: VillageGrant) -> GrantJson:
    currency = currency_of(session, row.asset)
    kept = {
        "id", "issuer", "acceptor", "per_tap", "per_card", "per_card_day", "node_max", "hotlist_age",
        "bearer", "used", "told", "told_at",
    }  # fmt: skip
    return GrantJson(
        **{name: getattr(row, name) for name in kept},
        asset=currency.id if currency else None,
        code=row.asset,
        since=instant(row.since),
        until=instant(row.until),
        is_closed=row.closed is not None,
        is_revoked=row.revoked,
        is_live=is_in_force(row),
        is_heard=row.noted or not row.is_ours,
    )


def _dealings(session: Session, host: str) -> Dealings:
    """Raises NotFound."""
    found = dealings_at(session, host)
    if found is None:
        raise NotFound
    return found


def _code(dealings: Dealings, asset: UUID) -> str:
    """Raises NotFound."""
    named = {deal.currency.id: deal.row.asset for deal in dealings.deals}
    named |= {one.id: wire_name(one) for one in dealings.offerable}
    if asset not in named:
        raise NotFound
    return named[asset]


READ = {"scope": "money:read", "needs": permissions.VILLAGE}
WRITE = {"scope": "money:write", "needs": permissions.VILLAGE}
IMPOSSIBLE = (rules.NotInVillage, rules.CurrencyNotOurs, rules.StaysHere)
DOORS = (
    api(
        "GET", f"{PATH}/agreements", "api.village.agreements", list_agreements,
        answer=AgreementList, summary="What nodes may take of each other's currencies", **READ,
    ),
    api(
        "PUT", f"{PATH}/agreements/{{peer}}/{{asset:uuid}}", "api.village.agreements.put", put_agreement,
        body=AgreementFields, answer=AgreementJson,
        refusals=(*IMPOSSIBLE, rules.NotInNetwork, rules.NoSuchAgreement, rules.NothingToTake),
        summary="Offer, take, pause or end", **WRITE,
    ),
    api(
        "GET", f"{PATH}/grants", "api.village.grants", list_grants,
        answer=GrantList, summary="What may be accepted while the line is cut, and the worst case", **READ,
    ),
    api(
        "POST", f"{PATH}/grants", "api.village.grants.give", give_grant,
        body=GrantFields, answer=GrantJson, status=201, refusals=(*IMPOSSIBLE, rules.NoSuchAgreement),
        summary="Let a node accept our currency while it cannot ask us", **WRITE,
    ),
    api(
        "POST", f"{PATH}/grants/{{id:uuid}}/revocation", "api.village.grants.end", end_grant,
        body=NoFields, answer=GrantJson, refusals=(rules.NoSuchGrant,), summary="End a grant", **WRITE,
    ),
)  # fmt: skip
