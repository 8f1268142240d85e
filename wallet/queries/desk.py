"""What the back office looks for: currencies, wallets by name, mail or card, whose wallet it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from people.models.person import Person
from people.words import folded
from wallet.ledger.shapes import WALLET
from wallet.models.card import PassCard
from wallet.models.currency import NATURES, OURS, Currency
from wallet.models.holding import Wallet
from wallet.models.ledger import LedgerAccount, LedgerEntry

MOST_FOUND = 30
RECENT = 12
READ_BACK = 200


@dataclass(frozen=True)
class Purse:
    """A wallet as a list shows it. `wallet_id` None: a person who has none yet."""

    wallet_id: UUID | None
    person: Person | None
    cards: Sequence[PassCard] = ()
    held: Sequence[tuple[Currency, int]] = field(default=())

    @property
    def called(self) -> str:
        """The person's name, else nothing: the card's number says it."""
        return self.person.called if self.person else ""


def all_currencies(session: Session) -> Sequence[Currency]:
    """Every currency of ours, vouchers after money, by name."""
    found = session.scalars(select(Currency).where(OURS)).all()
    return sorted(found, key=_turn)


def recent_wallets(session: Session) -> Sequence[Purse]:
    """Those that moved last, read from the end of the ledger."""
    last = select(LedgerEntry.debit, LedgerEntry.credit).order_by(LedgerEntry.number.desc()).limit(READ_BACK)
    touched = {account for sides in session.execute(last) for account in sides}
    owners = select(LedgerAccount.owner).where(LedgerAccount.kind == WALLET, LedgerAccount.id.in_(touched))
    found = dict.fromkeys(session.scalars(owners.order_by(LedgerAccount.touched.desc())))
    return purses(session, [UUID(owner) for owner in list(found)[:RECENT]])


def find_wallets(session: Session, q: str) -> Sequence[Purse]:
    """Wallets of persons whose name or mail holds every word of `q`, or whose card's number holds it."""
    people = _persons(session, q)
    theirs = {person_id: wallet_id for wallet_id, person_id in _wallets_of(session, people)}
    ids = dict.fromkeys([*theirs.values(), *_by_number(session, q)])
    without = [Purse(None, person) for person in people if person.id not in theirs]
    return [*purses(session, list(ids)), *without]


def purses(session: Session, wallet_ids: Sequence[UUID]) -> list[Purse]:
    """These wallets, in this order, with person, cards and balances."""
    wallets = {one.id: one for one in session.scalars(select(Wallet).where(Wallet.id.in_(wallet_ids)))}
    owners = [one.person_id for one in wallets.values() if one.person_id]
    persons = {one.id: one for one in session.scalars(select(Person).where(Person.id.in_(owners)))}
    cards = session.scalars(
        select(PassCard).where(PassCard.wallet_id.in_(wallet_ids)).order_by(PassCard.created_at, PassCard.id)
    ).all()
    held = _balances(session, wallet_ids)
    return [
        Purse(
            wallet_id,
            persons.get(wallets[wallet_id].person_id or UUID(int=0)),
            [card for card in cards if card.wallet_id == wallet_id],
            held.get(str(wallet_id), ()),
        )
        for wallet_id in wallet_ids
        if wallet_id in wallets
    ]


def _turn(one: Currency) -> tuple[int, str, str]:
    return NATURES.index(one.nature), folded(one.name), str(one.id)


def _persons(session: Session, q: str) -> Sequence[Person]:
    words = folded(q).split()[:8]
    wanted = select(Person)
    for word in words:
        wanted = wanted.where(Person.search.contains(word, autoescape=True))
    found = wanted.order_by(Person.sort_name, Person.id).limit(MOST_FOUND)
    return session.scalars(found).all() if words else []


def _wallets_of(session: Session, people: Sequence[Person]) -> Iterable[tuple[UUID, UUID | None]]:
    wanted = select(Wallet.id, Wallet.person_id).where(Wallet.person_id.in_([one.id for one in people]))
    return ((row[0], row[1]) for row in session.execute(wanted))


def _by_number(session: Session, q: str) -> Sequence[UUID]:
    bare = "".join(sign for sign in q if sign.isalnum()).upper()
    if len(bare) < 4:
        return []
    wanted = select(PassCard.wallet_id).where(PassCard.number.contains(bare, autoescape=True))
    return session.scalars(wanted.order_by(PassCard.number).limit(MOST_FOUND)).all()


def _balances(session: Session, wallet_ids: Sequence[UUID]) -> dict[str, list[tuple[Currency, int]]]:
    total = func.sum(LedgerAccount.credits - LedgerAccount.debits)
    wanted = (
        select(LedgerAccount.owner, Currency, total)
        .join(Currency, Currency.id == LedgerAccount.currency_id)
        .where(LedgerAccount.kind == WALLET, LedgerAccount.owner.in_([str(one) for one in wallet_ids]))
        .group_by(LedgerAccount.owner, Currency.id)
        .having(total > 0)
    )
    held: dict[str, list[tuple[Currency, int]]] = {}
    for owner, currency, amount in session.execute(wanted):
        held.setdefault(owner, []).append((currency, int(amount)))
    return {owner: sorted(found, key=lambda pair: _turn(pair[0])) for owner, found in held.items()}
