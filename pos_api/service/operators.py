"""Operators: who may sell, by which PIN or staff card, with which rights."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from kit import clock
from kit.auth import Principal
from kit.errors import Invalid
from kit.i18n import Lazy, _, lazy
from kit.ids import new_id
from people import audit
from people.words import clean_name
from pos_api.models.operator import RIGHTS, OperatorSession, TillOperator
from pos_api.refusals import CodeTaken, NotStaffCard, OperatorUnknown, PinTaken, StaffCardTaken
from pos_api.service.devices import end_sessions
from sales.service import noting
from wallet.models.card import STAFF
from wallet.queries.cards import card_by_id

LONGEST_CODE: Final = 8
SELLER: Final = "E"


@dataclass(frozen=True)
class Pin:
    """A PIN that was made ready outside of any transaction: its fingerprint and its hash."""

    mark: bytes
    hash: str


@dataclass(frozen=True)
class OperatorValues:
    """What is said of an operator; `pin` None leaves it as it is."""

    code: str
    label: str
    rights: frozenset[str]
    person_id: UUID | None = None
    pin: Pin | None = None


def get(session: Session, operator_id: UUID) -> TillOperator:
    """Raises OperatorUnknown."""
    operator = session.get(TillOperator, operator_id)
    if operator is None:
        raise OperatorUnknown
    return operator


def create(session: Session, by: Principal, said: OperatorValues) -> TillOperator:
    """A new operator. Raises CodeTaken, PinTaken, Invalid."""
    operator = TillOperator(
        id=new_id(), created_at=clock.now(), pin_hash=None, pin_mark=None, code="", label="", rights=[]
    )
    _fill(session, operator, said)
    session.add(operator)
    _note(session, by, operator, lazy("Operator added"))
    return operator


def change(session: Session, by: Principal, operator_id: UUID, said: OperatorValues) -> TillOperator:
    """Other words, rights or PIN; they hold at once. Raises OperatorUnknown, CodeTaken, PinTaken, Invalid."""
    operator = get(session, operator_id)
    before = _words(operator)
    has_new_pin = said.pin is not None and said.pin.mark != operator.pin_mark
    _fill(session, operator, said)
    if has_new_pin:
        end_sessions(session, OperatorSession.operator_id == operator_id)
    if has_new_pin or before != _words(operator):
        _note(session, by, operator, lazy("Operator changed"), before)
    return operator


def link_card(session: Session, by: Principal, operator_id: UUID, card_id: UUID | None) -> TillOperator:
    """The staff card that opens a till for them; None takes it away.

    Raises OperatorUnknown, CardUnknown, NotStaffCard, StaffCardTaken.
    """
    operator = get(session, operator_id)
    if card_id is not None:
        if card_by_id(session, card_id).kind != STAFF:
            raise NotStaffCard(_("Only a staff card opens a till."))
        taken = select(TillOperator.id).where(TillOperator.card_id == card_id, TillOperator.id != operator_id)
        if session.scalar(taken):
            raise StaffCardTaken
    if operator.card_id != card_id:
        operator.card_id = card_id
        end_sessions(session, OperatorSession.operator_id == operator_id)
        _note(session, by, operator, lazy("Staff card linked") if card_id else lazy("Staff card taken back"))
    return operator


def archive(session: Session, by: Principal, operator_id: UUID) -> TillOperator:
    """Opens no till from now on; the PIN and the card are free for others. Raises OperatorUnknown."""
    operator = get(session, operator_id)
    if not operator.is_archived:
        operator.archived_at = clock.now()
        operator.pin_mark = operator.pin_hash = operator.card_id = None
        end_sessions(session, OperatorSession.operator_id == operator_id)
        _note(session, by, operator, lazy("Operator archived"))
    return operator


def restore(session: Session, by: Principal, operator_id: UUID) -> TillOperator:
    """Back among the operators; a new PIN or card must be given. Raises OperatorUnknown."""
    operator = get(session, operator_id)
    if operator.is_archived:
        operator.archived_at = None
        _note(session, by, operator, lazy("Operator restored"))
    return operator


def next_code(session: Session) -> str:
    """The first of "E1", "E2", … that nobody had."""
    taken = set(session.scalars(select(TillOperator.code)))
    return next(code for number in range(1, len(taken) + 2) if (code := f"{SELLER}{number}") not in taken)


def _fill(session: Session, operator: TillOperator, said: OperatorValues) -> None:
    operator.code = _code(session, operator.id, said.code)
    operator.label = _label(said.label)
    operator.rights = _rights(said.rights)
    operator.person_id = said.person_id
    if said.pin is not None:
        _give_pin(session, operator, said.pin)


def _give_pin(session: Session, operator: TillOperator, pin: Pin) -> None:
    """PINs are distinct, since a PIN alone names its operator."""
    others = select(TillOperator.id).where(TillOperator.pin_mark == pin.mark, TillOperator.id != operator.id)
    if session.scalar(others):
        raise PinTaken(fields={"pin": str(PinTaken.default)})
    operator.pin_mark, operator.pin_hash = pin.mark, pin.hash


def _code(session: Session, operator_id: UUID, text: str) -> str:
    code = "".join(text.split()).upper()
    if not code or len(code) > LONGEST_CODE or not code.isascii() or not code.isalnum():
        raise Invalid(fields={"code": _("A code has 1 to 8 letters or digits, as E3.")})
    others = select(TillOperator.id).where(TillOperator.code == code, TillOperator.id != operator_id)
    if session.scalar(others):
        raise CodeTaken(fields={"code": str(CodeTaken.default)})
    return code


def _label(text: str) -> str:
    label = clean_name(text)
    if not label:
        raise Invalid(fields={"label": _("I fill in this field.")})
    return label


def _rights(wanted: Collection[str]) -> list[str]:
    """In the order of the house. Raises Invalid for one that no till knows."""
    if not set(wanted) <= set(RIGHTS):
        raise Invalid(fields={"rights": _("I choose among the rights of the list.")})
    return [right for right in RIGHTS if right in set(wanted)]


def _words(operator: TillOperator) -> str:
    return f"{operator.label}: {' '.join(operator.rights)}"


def _note(session: Session, by: Principal, operator: TillOperator, verb: Lazy, before: str = "") -> None:
    """In the office's log, with what was and is; in the sealed journal by code and rights, never by name."""
    details = {"before": before, "after": _words(operator)}
    audit.record(session, by, verb, operator.code, kind="operator", about_id=operator.id, details=details)
    rights = f"{verb.message}: {' '.join(operator.rights)}"
    noting.note(session, by, "operator", operator.code, before=before.partition(": ")[2], after=rights)
