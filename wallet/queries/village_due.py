"""What our peers do not know yet of our cards and members: worked out from rows, so that nothing can be lost.

The same state always gives the same messages, with the same ids; they are due until `noted_cards`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kit import clock
from wallet.between.card_keys import tap_key
from wallet.between.desk import milliseconds
from wallet.between.messages import Bind, History, Holdings, Hotlist, Listed, Message, encode
from wallet.models.card import PassCard
from wallet.models.holding import Wallet
from wallet.models.village_cards import (
    VillageBinding,
    VillageHandle,
    VillageHolding,
    VillageMovement,
    VillageNoted,
    VillageRevision,
)
from wallet.pairing import pairing_of
from wallet.queries.village_handles import handles_of, keys_of, proving_wallets, shown_handles, taps_of
from wallet.queries.village_taking import issuers

MOST_CARDS: Final = 200
MOST_BYTES: Final = 160_000
"""Of one message: with base64 it is well under what an envelope holds."""
MOST_BINDINGS: Final = 32
ASKED_FOR: Final = timedelta(seconds=30)
"""How long the question of a person who looks at their money is repeated."""
_MESSAGES: Final = UUID("5d7f6b0e-3f0c-5b0a-9d55-0f6a3c1e9c02")


@dataclass(frozen=True)
class Entry:
    """A card of ours in what one peer is told: its keys there, its revision."""

    card_id: UUID
    keys: Sequence[str]
    rev: int


@dataclass(frozen=True)
class Listener:
    """A peer that is told of our cards, and how much of it this peer has noted on today's `terms`."""

    peer: str
    secret: bytes
    members: Sequence[str]
    noted: VillageNoted | None

    @property
    def terms(self) -> str:
        """What all that it was told depends on: when it changes, all is told again."""
        return sha256("\n".join((self.secret.hex(), *self.members)).encode()).hexdigest()[:32]

    @property
    def rev(self) -> int:
        return self.noted.rev if self.noted else 0

    @property
    def bound_rev(self) -> int:
        return self.noted.bound_rev if self.noted else 0


def listeners(session: Session, peers: Sequence[str]) -> list[Listener]:
    """Those of these peers with whom a secret is shared."""
    pairing = pairing_of(session)
    secrets = pairing.secrets(session, peers)
    members = list(pairing.secrets(session, issuers(session)))  # the others have no handles to tell of yet
    rows = session.scalars(select(VillageNoted).where(VillageNoted.peer.in_(secrets)))
    noted = {row.peer: row for row in rows}
    found = [Listener(peer, secret, members, noted.get(peer)) for peer, secret in secrets.items()]
    return [one if one.noted and one.noted.terms == one.terms else replace(one, noted=None) for one in found]


def due_cards(session: Session, peers: Sequence[str]) -> list[tuple[str, Message]]:
    """What to tell or ask each of these peers now, in order. Little is read while nothing changes."""
    cards, wallets = newest_revisions(session)
    found: list[tuple[str, Message]] = []
    for one in listeners(session, peers):
        list_ = due_hotlist(session, one)[0] if one.rev < cards else None
        binds = due_binds(session, one) if one.peer in one.members and one.bound_rev < wallets else ()
        found += [(one.peer, message) for message in (*((list_,) if list_ else ()), *binds)]
    return found + due_questions(session, peers)


def newest_revisions(session: Session) -> tuple[int, int]:
    """The last revisions of a card and of a wallet of ours."""
    own = VillageHandle.home == pairing_of(session).own
    cards = session.scalar(select(func.max(VillageRevision.rev)))
    return cards or 0, session.scalar(select(func.max(VillageHandle.rev)).where(own)) or 0


def due_hotlist(session: Session, to: Listener) -> tuple[Hotlist | None, list[Entry]]:
    """The next part of our directory that this peer has not noted, and the cards in it."""
    rows = session.execute(
        select(VillageRevision, PassCard)
        .join(PassCard, PassCard.id == VillageRevision.card_id)
        .where(VillageRevision.rev > to.rev)
        .order_by(VillageRevision.rev)
        .limit(MOST_CARDS)
    ).all()
    handles = handles_of(session, [row.wallet_id for row, _card in rows], to.members)
    entries: list[Entry] = []
    cards: list[Listed] = []
    size = 0
    for row, card in rows:
        keys = keys_of(to.secret, taps_of(card))
        shown = shown_handles(session, card, handles[row.wallet_id])
        listed = [Listed(key, row.rev, row.state, shown) for key in keys]
        size += len(encode(listed))
        if cards and size > MOST_BYTES:
            break
        cards += listed
        entries.append(Entry(card.id, keys, row.rev))
    said = _said(Hotlist, to.noted, rev=entries[-1].rev, cards=tuple(cards)) if entries else None
    return said, entries


def due_binds(session: Session, to: Listener) -> list[Bind]:
    """The members whose handle or state this peer has not noted, a few at a time."""
    rows = session.scalars(unbound(session, to.peer, to.bound_rev).limit(MOST_BINDINGS)).all()
    handles = handles_of(session, [row.wallet_id for row in rows], [to.peer])
    proving = proving_wallets(session, [row.wallet_id for row in rows])
    return [
        _said(
            Bind,
            to.noted,
            handle=handles[row.wallet_id][to.peer],
            rev=row.rev,
            status=row.status,
            card=_newest_key(session, row.wallet_id, to.secret),
            proves=row.wallet_id in proving,
        )
        for row in rows
    ]


def unbound(session: Session, peer: str, after: int) -> Any:
    """The members' wallets that `peer` does not know as they are, after revision `after`, in order."""
    return (
        select(VillageHandle)
        .join(Wallet, Wallet.id == VillageHandle.wallet_id)
        .outerjoin(
            VillageBinding,
            (VillageBinding.wallet_id == VillageHandle.wallet_id) & (VillageBinding.peer == peer),
        )
        .where(VillageHandle.home == pairing_of(session).own, VillageHandle.rev > after)
        .where(Wallet.person_id.is_not(None))
        .where(VillageBinding.rev.is_(None) | (VillageBinding.rev < VillageHandle.rev))
        .order_by(VillageHandle.rev)
    )


def due_questions(session: Session, peers: Sequence[str]) -> list[tuple[str, Message]]:
    """What persons who look at their money want to know of these peers and were not answered yet."""
    since = clock.now() - ASKED_FOR
    wanted = select(VillageHolding).where(VillageHolding.peer.in_(peers), VillageHolding.asked_at > since)
    never = VillageHolding.heard_at.is_(None)
    rows = session.scalars(wanted.where(never | (VillageHolding.heard_at < VillageHolding.asked_at))).all()
    return [(row.peer, question) for row in rows for question in questions_about(session, row)]


def questions_about(session: Session, row: VillageHolding) -> tuple[History, Holdings]:
    """The movements first, so that an answer about balances closes the matter."""
    handle = handles_of(session, [row.wallet_id], [row.peer])[row.wallet_id].get(row.peer, "")
    last = select(VillageMovement.number).where(
        VillageMovement.wallet_id == row.wallet_id, VillageMovement.peer == row.peer
    )
    after = session.scalar(last.order_by(VillageMovement.number.desc()).limit(1)) or 0
    made = milliseconds(row.asked_at)
    return (
        History(id=_id(History, made, [handle, after]), made=made, handle=handle, after=after),
        Holdings(id=_id(Holdings, made, [handle]), made=made, handle=handle),
    )


def _newest_key(session: Session, wallet_id: UUID, secret: bytes) -> str:
    """The key of the card of this wallet that changed last."""
    newest = (
        select(PassCard)
        .join(VillageRevision, VillageRevision.card_id == PassCard.id)
        .where(PassCard.wallet_id == wallet_id)
        .order_by(VillageRevision.rev.desc())
        .limit(1)
    )
    card = session.scalars(newest).first()
    return tap_key(secret, *taps_of(card)[0]) if card is not None else ""


def _said(kind: Any, noted: VillageNoted | None, **content: Any) -> Any:
    """`made`: since when it waits to be said."""
    made = milliseconds(noted.noted_at) if noted else 0
    return kind(id=_id(kind, made, content), made=made, **content)


def _id(kind: type[Message], made: int, content: Any) -> UUID:
    return uuid5(_MESSAGES, sha256(encode([kind.__name__, made, content])).hexdigest())
