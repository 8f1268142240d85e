"""Invented money for the demonstration: currencies, cards, and some weeks of top-ups, gifts and spends.

The ledger writes its own clock beside each transaction, so all of it happened when the node was filled.
"""

import hashlib
import tomllib
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from kit.auth import Principal
from kit.choices import save_choice
from kit.demo import DemoSpec
from people.models.person import Person
from wallet.cards.number import CODE_LENGTH, SIGNS
from wallet.cards.table import Row
from wallet.choices import VillageMoneyRules
from wallet.demo.moves import Carried, Moves
from wallet.models.card import PASS, STATIC, PassCard
from wallet.models.currency import Currency
from wallet.service.cards.batches import import_batch
from wallet.service.cards.enrolling import enrol_card
from wallet.service.cards.linking import link_card
from wallet.service.cards.states import mark_lost
from wallet.service.currencies import create_currency
from wallet.service.currency_rules import CurrencyValues

FILE: Final = Path(__file__).with_name("demo.toml")
ANYONE: Final = "anyone"
BY: Final = Principal(name="hameau demo")


class Told(Struct, frozen=True, forbid_unknown_fields=True):
    """One card. `holds`: minor units by short name of the currency; `given`: vouchers after it paid.

    `spends`: how many times it pays, as far as what it holds goes.
    """

    number: str
    uid: str = ""
    kind: str = PASS
    chip: str = STATIC
    person: str = ""
    is_lost: bool = False
    spends: int = 0
    holds: dict[str, int] = {}
    given: dict[str, int] = {}

    @property
    def is_of_the_batch(self) -> bool:
        return self.kind == PASS and self.chip == STATIC

    @property
    def code(self) -> str:
        """The same at each filling, so that a card printed once goes on working."""
        digest = hashlib.sha256(f"hameau demo {self.number}".encode()).digest()
        return "".join(SIGNS[byte % len(SIGNS)] for byte in digest[:CODE_LENGTH])


def fill(session: Session, spec: DemoSpec) -> None:
    """Write the money of one invented collective, after its people. In a demonstration neighbours agree."""
    save_choice(session, VillageMoneyRules(takes_village=True, offers_local=True))
    file = tomllib.loads(FILE.read_text(encoding="utf-8"))
    mine = file.get(spec.name_key, file[ANYONE])
    currencies = _currencies(session, spec, mine["currencies"])
    told = [msgspec.convert(card, Told) for card in mine["cards"]]
    cards = _cards(session, mine["batch"], told)
    carried = [
        Carried(cards[one.number], _known(one.holds, currencies), one.spends, _known(one.given, currencies))
        for one in told
    ]
    for one in told:
        _link(session, cards[one.number], one.person)
    Moves(session, spec, mine["point"], mine["goods"]).tell(carried)
    for one in told:
        if one.is_lost:
            mark_lost(session, BY, cards[one.number].id, "Perdue au marché")


def _currencies(session: Session, spec: DemoSpec, told: list[dict[str, Any]]) -> dict[str, Currency]:
    """By short name; the network's own only at the primary."""
    values = [msgspec.convert(one, CurrencyValues) for one in told]
    return {
        one.code: create_currency(session, BY, one, spec.url, is_primary=spec.is_primary)
        for one in values
        if one.reach != "network" or spec.is_primary
    }


def _known(holds: dict[str, int], currencies: dict[str, Currency]) -> list[tuple[Currency, int]]:
    return [(currencies[code], amount) for code, amount in holds.items() if code in currencies]


def _cards(session: Session, batch: str, told: list[Told]) -> dict[str, PassCard]:
    """One batch of plain cards; chips that prove their taps and cards of the team one by one."""
    rows = [
        Row(line, uid=one.uid, number=one.number, code=one.code)
        for line, one in enumerate(told, start=2)
        if one.is_of_the_batch
    ]
    import_batch(session, BY, batch, rows)
    for one in told:
        if not one.is_of_the_batch:
            enrol_card(
                session, BY, uid=one.uid, number=one.number, code=one.code, kind=one.kind, chip=one.chip
            )
    return {card.number: card for card in session.scalars(select(PassCard))}


def _link(session: Session, card: PassCard, name: str) -> None:
    """Give the card to the invented person of that name."""
    person = session.scalars(select(Person).where(Person.name == name)).first() if name else None
    if person is not None:
        link_card(session, BY, card.id, person.id)
