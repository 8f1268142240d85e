"""`/api/pos/v1/pairings`, `session`, `operators`: a till is paired, says who it is, and gets its operator."""

from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct
from sqlalchemy.orm import Session

from kit import clock
from kit.choices import read_choice
from kit.errors import Invalid, TooManyRequests
from kit.i18n import _
from kit.web import Call, api, flow, read, write
from people.identity import client_of
from pos_api import flows, refusals
from pos_api.api.asking import asking
from pos_api.api.bodies import IdentifyFields, PairingFields, TrainingFields, tap_of
from pos_api.identity import OPERATOR_HEADER
from pos_api.models.operator import TRAINING
from pos_api.principal import Device, Operator, TillPrincipal
from pos_api.proofs import hash_of
from pos_api.seen import DevicesSeen
from pos_api.service import devices, holding
from sales.choices import SalesRules
from wallet import refusals as cards

WAITING_HEADER: Final = "hameau-waiting"
MOST_DIGITS: Final = 9


class DeviceJson(Struct, frozen=True, kw_only=True):
    """A till: its own series of numbers, and its points of sale (none: all). `series` never changes."""

    id: UUID
    name: str
    series: str
    points: list[UUID]
    is_training: bool
    last_count: int


class PairedJson(Struct, frozen=True, kw_only=True):
    """The till, and the token it shows at every door from now on; it is never told again."""

    device: DeviceJson
    token: str


class OperatorJson(Struct, frozen=True, kw_only=True):
    """Who holds the till, with the rights they have now."""

    code: str
    label: str
    rights: list[str]


class HeldJson(Struct, frozen=True, kw_only=True):
    """The operator, and the token of the header `Hameau-Operator` until `expires_at`."""

    operator: OperatorJson
    token: str
    expires_at: datetime


class NodeJson(Struct, frozen=True, kw_only=True):
    """The node, as a till needs it. `pivot_hour`: until then a night belongs to the day before."""

    name: str
    url: str
    time_zone: str
    language: str
    accent: str
    vat_regime: str
    pivot_hour: int


class SessionJson(Struct, frozen=True, kw_only=True):
    """Where the till is, which one it is, who holds it, and the node's clock."""

    node: NodeJson
    device: DeviceJson
    operator: OperatorJson | None
    time: datetime


@flow
def pair(call: Call) -> PairedJson:
    said = call.body(PairingFields)
    made = flows.pair(call.app, client_of(call), said.code, said.name, said.public_key)
    return PairedJson(device=device_json(made.device), token=made.token)


@read
def show_session(call: Call, session: Session) -> SessionJson:
    by = asking(call)
    _hear_what_waits(call, by.device)
    return SessionJson(
        node=_node(call, session),
        device=device_json(by.device),
        operator=operator_json(by.operator) if by.operator else None,
        time=clock.now(),
    )


@flow
async def identify(call: Call) -> HeldJson:
    said, device = call.body(IdentifyFields), asking(call).device
    if isinstance(said.pin, str) and not said.tap:
        held = await flows.hold_by_pin(call.app, device, said.pin)
    elif said.tap and not isinstance(said.pin, str):
        held = await flows.hold_by_card(call.app, device, tap_of(said.tap))
    else:
        raise Invalid(fields={"pin": _("A PIN or a staff card: one of them.")})
    return HeldJson(operator=operator_json(held.operator), token=held.token, expires_at=held.expires_at)


@write
def leave(call: Call, session: Session) -> None:
    token = call.request.headers.get(OPERATOR_HEADER, "").strip()
    holding.leave(session, asking(call).device, hash_of(token))


@write
def train(call: Call, session: Session) -> DeviceJson:
    by, said = asking(call), call.body(TrainingFields)
    operator = by.held(TRAINING)
    actor = TillPrincipal(person_id=operator.person_id, name=operator.code)
    changed = devices.train(session, actor, by.device.id, is_training=said.is_training)
    return device_json(by.device, is_training=changed.is_training)


def device_json(device: Device, *, is_training: bool | None = None) -> DeviceJson:
    """As tills see themselves."""
    return DeviceJson(
        id=device.id,
        name=device.name,
        series=device.series,
        points=[UUID(point) for point in sorted(device.points)],
        is_training=device.is_training if is_training is None else is_training,
        last_count=device.last_count,
    )


def operator_json(operator: Operator) -> OperatorJson:
    """As tills see who holds them."""
    return OperatorJson(code=operator.code, label=operator.label, rights=sorted(operator.rights))


def _hear_what_waits(call: Call, device: Device) -> None:
    """How many operations the till keeps that the node does not have; what is no number says nothing."""
    said = call.request.headers.get(WAITING_HEADER, "").strip()
    if said.isascii() and said.isdecimal() and len(said) <= MOST_DIGITS:
        call.app.ports.take(DevicesSeen).told(device.id, int(said), clock.now())


def _node(call: Call, session: Session) -> NodeJson:
    rules, collective = read_choice(session, SalesRules), call.collective
    return NodeJson(
        name=collective.name,
        url=call.app.settings.node.url,
        time_zone=collective.timezone,
        language=collective.language,
        accent=collective.accent,
        vat_regime=rules.vat_regime,
        pivot_hour=rules.pivot_hour,
    )


IDENTIFYING = (
    refusals.BadPin, refusals.WrongPin, refusals.TooManyPins, refusals.NotStaffCard,
    cards.CardUnknown, cards.CardLost, cards.CardBlocked, cards.CardReplaced,
)  # fmt: skip

DOORS = (
    api(
        "POST", "/api/pos/v1/pairings", "pos.pairings.create", pair,
        body=PairingFields, answer=PairedJson, status=201, refusals=(refusals.PairingOver, TooManyRequests),
        summary="Pair a till with its six digits", repeatable=True,
    ),
    api(
        "GET", "/api/pos/v1/session", "pos.session", show_session,
        needs="machine", answer=SessionJson, summary="Which till this is, and who holds it",
    ),
    api(
        "POST", "/api/pos/v1/operators/identify", "pos.operators.identify", identify,
        needs="machine", body=IdentifyFields, answer=HeldJson, refusals=IDENTIFYING,
        summary="An operator takes the till, by PIN or staff card", repeatable=True,
    ),
    api(
        "POST", "/api/pos/v1/operators/leave", "pos.operators.leave", leave,
        needs="machine", status=204, summary="The operator lets the till go",
    ),
    api(
        "POST", "/api/pos/v1/training", "pos.training", train,
        needs="machine", body=TrainingFields, answer=DeviceJson,
        refusals=(refusals.OperatorNeeded, refusals.RightMissing),
        summary="Begin or end the training mode",
    ),
)  # fmt: skip
