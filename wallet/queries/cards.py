"""Cards: found by whatever a reader or a hand gives, listed, counted, told."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, false, func, or_, select
from sqlalchemy.orm import Session

from kit.db import Question
from kit.i18n import _
from people.models.person import Person
from people.words import folded
from wallet.between.card_keys import CHIP, PRINTED
from wallet.card_refusals import CardAltered, CardAmbiguous, CardMessageMalformed, CardWrong
from wallet.cards.reading import Meant, Tap, meant_by
from wallet.cards.sun import Altered, CardKeys, Malformed, WrongCard, read_tap
from wallet.models.card import STAFF, CardMark, PassCard
from wallet.models.holding import Wallet
from wallet.models.village_cards import VillageTap
from wallet.refusals import CardReplayed, CardUnknown

SLOTS: Final = 4
"""What a reader wrote may mean one chip number in each notation; no tap means more of anything."""
_BY: Final = (("uid", PassCard.uid), ("number", PassCard.number), ("code", PassCard.code))
_MEANT: Final = Question(
    select(PassCard.id, PassCard.wallet_id, PassCard.state)
    .where(or_(*(one.in_([bindparam(f"{name}{at}") for at in range(SLOTS)]) for name, one in _BY)))
    .limit(2)
)
"""Asked at every tap."""
PER_PAGE = 25
LEAST_SIGNS = 3
MOST_WORDS = 8


@dataclass(frozen=True)
class Found:
    """A card, and the read counter that its tap proved, if it did."""

    card: PassCard
    counter: int | None = None


@dataclass(frozen=True)
class CardLine:
    """A card in a list, and whose it is."""

    card: PassCard
    person: Person | None


@dataclass(frozen=True)
class CardList:
    """One page of cards; `total` counts those of every page."""

    lines: Sequence[CardLine]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PER_PAGE))


@dataclass(frozen=True)
class Wanted:
    """Which cards: those that `q` may mean, in one state, of the team, of one batch."""

    q: str = ""
    state: str = ""
    is_staff: bool = False
    batch: UUID | None = None


@dataclass(frozen=True)
class MarkLine:
    """Something that happened to a card, and who said so."""

    mark: CardMark
    by: Person | None


def find_card(session: Session, tap: Tap, keys: CardKeys) -> Found:
    """The one card that a tap means, in any state. A proven tap must be that card's own.

    Raises CardUnknown, CardAmbiguous, CardMessageMalformed, CardAltered, CardWrong.
    """
    meant = meant_by(tap)
    if tap.has_message or meant.picc_data:
        return _proven(session, meant, keys)
    cards = _matching(session, meant)
    if len(cards) > 1:
        raise CardAmbiguous
    if not cards:
        raise _unknown(meant)
    return Found(cards[0])


def card_by_id(session: Session, card_id: UUID) -> PassCard:
    """Raises CardUnknown."""
    card = session.get(PassCard, card_id)
    if card is None:
        raise CardUnknown(cause="no such card")
    return card


def card_by_code(session: Session, code: str) -> PassCard | None:
    """The card whose QR address ends with `code`."""
    found = _matching(session, meant_by(Tap(code=code)))
    return found[0] if len(found) == 1 else None


def card_by_said(session: Session, said: Sequence[tuple[str, str]]) -> PassCard | None:
    """The card of ours that these parts of a tap mean, if they all mean the same one."""
    uids = tuple(text for kind, text in said if kind == CHIP)
    printed = tuple(text for kind, text in said if kind == PRINTED)
    found = _matching(session, Meant(uids, printed, printed))
    return found[0] if len(found) == 1 else None


def owner_of(session: Session, card: PassCard) -> Person | None:
    """Whose card it is; None while it is nobody's."""
    mine = select(Person).join(Wallet, Wallet.person_id == Person.id).where(Wallet.id == card.wallet_id)
    return session.scalars(mine).one_or_none()


def cards_of(session: Session, person_id: UUID) -> Sequence[PassCard]:
    """Every card of a person, the oldest first."""
    mine = select(PassCard).join(Wallet, Wallet.id == PassCard.wallet_id).where(Wallet.person_id == person_id)
    return session.scalars(mine.order_by(PassCard.created_at, PassCard.id)).all()


def wallet_cards(session: Session, wallet_id: UUID) -> Sequence[PassCard]:
    """Every card of a wallet, the oldest first."""
    mine = select(PassCard).where(PassCard.wallet_id == wallet_id)
    return session.scalars(mine.order_by(PassCard.created_at, PassCard.id)).all()


def marks_of(session: Session, card_id: UUID) -> Sequence[MarkLine]:
    """What happened to a card, the newest first."""
    mine = select(CardMark, Person).outerjoin(Person, Person.id == CardMark.by_id)
    newest = mine.where(CardMark.card_id == card_id).order_by(CardMark.at.desc(), CardMark.id.desc())
    return [MarkLine(row[0], row[1]) for row in session.execute(newest)]


def list_cards(session: Session, wanted: Wanted, page: int = 1) -> CardList:
    """Cards by number with their persons, a page at a time. A page too far is the last one."""
    chosen = _chosen(wanted)
    total = session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    page = max(1, min(page, -(-total // PER_PAGE)))
    ordered = chosen.order_by(PassCard.number).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    lines = [CardLine(row[0], row[1]) for row in session.execute(ordered)]
    return CardList(lines, total, page)


def count_cards(session: Session) -> dict[str, int]:
    """How many cards: by state, "all" and "staff"."""
    by_state = session.execute(select(PassCard.state, func.count()).group_by(PassCard.state))
    counts = {row[0]: row[1] for row in by_state}
    staff = session.scalar(select(func.count()).select_from(PassCard).where(PassCard.kind == STAFF)) or 0
    return {**counts, "all": sum(counts.values()), "staff": staff}


def _proven(session: Session, meant: Meant, keys: CardKeys) -> Found:
    try:
        tap = read_tap(meant.picc_data, meant.cmac, keys)
        card = session.scalars(select(PassCard).where(PassCard.uid == tap.uid)).one_or_none()
        if card is None:
            raise CardUnknown(cause=f"a proven tap of {tap.uid}")
        if _names_another(meant, card):
            raise WrongCard
        last = session.get(VillageTap, card.id)
    except Malformed as error:
        raise CardMessageMalformed from error
    except Altered as error:
        raise CardAltered(cause="picc_data or cmac") from error
    except WrongCard as error:
        raise CardWrong from error
    if last is not None and last.counter >= tap.counter:  # a neighbour was told of it: it is no tap of ours
        raise CardReplayed
    return Found(card, tap.counter)


def _names_another(meant: Meant, card: PassCard) -> bool:
    """Whether the tap came with the number, the code or the chip of another card."""
    said = ((meant.uids, card.uid), (meant.numbers, card.number), (meant.codes, card.code))
    return any(values and mine not in values for values, mine in said)


class CardMeant(NamedTuple):
    """What a tap must know of a card first."""

    id: UUID
    wallet_id: UUID
    state: str


def cards_meant(session: Session, meant: Meant) -> Sequence[CardMeant]:
    """The cards that a tap means; two when it is not clear."""
    if meant.is_nothing:
        return []
    session.flush()  # asked past the session, which knows what is not written yet
    said: dict[str, str | None] = {f"{name}{at}": None for name, _ in _BY for at in range(SLOTS)}
    for name, texts in (("uid", meant.uids), ("number", meant.numbers), ("code", meant.codes)):
        said |= {f"{name}{at}": text for at, text in enumerate(texts[:SLOTS])}
    return [CardMeant(*row) for row in _MEANT.rows(session, **said)]


def _matching(session: Session, meant: Meant) -> Sequence[PassCard]:
    return [session.get_one(PassCard, row.id) for row in cards_meant(session, meant)]


def _means(meant: Meant) -> ColumnElement[bool]:
    return or_(
        PassCard.uid.in_(meant.uids), PassCard.number.in_(meant.numbers), PassCard.code.in_(meant.codes)
    )


def _unknown(meant: Meant) -> CardUnknown:
    if meant.is_mistyped:
        return CardUnknown(_("One sign of this number is wrong. I read it again on the card."))
    return CardUnknown(cause="no such card")


def _chosen(wanted: Wanted) -> Select[PassCard, Person]:
    chosen = (
        select(PassCard, Person)
        .join(Wallet, Wallet.id == PassCard.wallet_id)
        .outerjoin(Person, Person.id == Wallet.person_id)
    )
    if wanted.state:
        chosen = chosen.where(PassCard.state == wanted.state)
    if wanted.is_staff:
        chosen = chosen.where(PassCard.kind == STAFF)
    if wanted.batch:
        chosen = chosen.where(PassCard.batch_id == wanted.batch)
    return chosen.where(or_(*_searched(wanted.q))) if wanted.q else chosen


def _searched(q: str) -> list[ColumnElement[bool]]:
    """What a search may find: what it means as a tap, a part of a number, words of a person's name."""
    found = [_means(meant_by(Tap(text=q)))]
    part = "".join(sign for sign in q if sign.isalnum()).upper()
    if len(part) >= LEAST_SIGNS:
        found.append(PassCard.number.contains(part, autoescape=True))
    words = folded(q).split()[:MOST_WORDS]
    if words:
        named = [Person.search.contains(word, autoescape=True) for word in words]
        found.append(Person.id.is_not(None) & _all(named))
    return found


def _all(conditions: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    joined = ~false()
    for condition in conditions:
        joined = joined & condition
    return joined
