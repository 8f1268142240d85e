"""What peers tell us of their cards and members, and what they noted of ours."""

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from kit import clock
from kit.ports import NoPair
from wallet.between.card_keys import open_tap, tap_key
from wallet.between.desk import milliseconds
from wallet.between.messages import (
    LONGEST,
    Bind,
    Card,
    Held,
    History,
    Holdings,
    Hotlist,
    Listed,
    LookUp,
    Message,
    Movements,
    Noted,
    Refused,
)
from wallet.models.card import ACTIVE, BLOCKED, LOST, REPLACED, STATES
from wallet.models.village_cards import (
    VillageCard,
    VillageHandle,
    VillageNoted,
    VillageProving,
)
from wallet.pairing import pairing_of
from wallet.refusals import WalletHeld
from wallet.service.village_holdings import hear_held, hear_movements, hear_nothing
from wallet.service.village_noting import noted_cards
from wallet.service.village_wallets import bound_wallet, join

MOST_LISTED: Final = 200_000
"""Rows of one peer's directory: it fills no disk."""
MOST_BOUND: Final = 100_000
"""Wallets of one peer's members and cards."""
MOST_HANDLES: Final = 64
__all__ = ["forget_directory", "hear_bind", "hear_hotlist", "heard_about_cards", "noted_cards"]
_KEY: Final = re.compile(r"[0-9a-f]{64}")
_HANDLE: Final = re.compile(r"[A-Za-z0-9_\-]{8,64}")
_STATUS: Final = {ACTIVE: ACTIVE, LOST: LOST, BLOCKED: BLOCKED, REPLACED: BLOCKED}
"""What a wallet's handle is when its card is this."""


def hear_bind(session: Session, peer: str, said: Bind) -> Noted | Refused:
    """`peer`'s member has this handle here. An older revision is refused, and another home's handle."""
    known = session.get(VillageHandle, said.handle)
    if not _is_bind(said):
        return _no(said, "malformed")
    if known is not None and known.home != peer:
        return _no(said, "handle_taken")
    if known is not None and said.rev < known.rev:
        return _no(said, "older_revision")
    if known is None and _count(session, VillageHandle, VillageHandle.home == peer) >= MOST_BOUND:
        return _no(said, "too_many")
    try:
        handle = bound_wallet(session, said.handle, peer, said.card)
    except WalletHeld as refusal:
        return _no(said, refusal.name)
    handle.rev, handle.status, handle.card = said.rev, said.status, said.card or handle.card
    session.flush()
    _note_proving(session, said)
    return _noted(said)


def _note_proving(session: Session, said: Bind) -> None:
    row = session.get(VillageProving, said.handle)
    if row is not None:
        row.proves = said.proves
    elif said.proves:
        session.add(VillageProving(handle=said.handle, proves=True))
    session.flush()


def hear_hotlist(session: Session, peer: str, said: Hotlist) -> Noted | Refused:
    """Keep what `peer` says of its cards, each by its newest revision. One that is older is refused.

    What is newer in the same message is kept all the same.
    """
    if not all(_is_listed(one) for one in said.cards):
        return _no(said, "malformed")
    keys = [one.card for one in said.cards]
    mine = select(VillageCard).where(VillageCard.peer == peer)
    known = {row.card_key: row for row in session.scalars(mine.where(VillageCard.card_key.in_(keys)))}
    is_new = len(known) < len(keys)
    if is_new and _count(session, VillageCard, VillageCard.peer == peer) + len(keys) > MOST_LISTED:
        return _no(said, "too_many")
    older = False
    for one in said.cards:
        row = known.get(one.card)
        if row is not None and one.rev < row.rev:
            older = True
            continue
        known[one.card] = _keep(session, peer, one, row)
    session.flush()
    return _no(said, "older_revision") if older else _noted(said)


def heard_about_cards(session: Session, peer: str, asked: Message, answer: Message) -> None:
    """What `peer` answered to any question about cards that we asked."""
    if isinstance(answer, Noted):
        noted_cards(session, peer, asked)
    elif isinstance(asked, LookUp) and isinstance(answer, Card):
        _learn(session, peer, asked, answer)
    elif isinstance(asked, Holdings):
        _hear_held(session, peer, asked, answer)
    elif isinstance(asked, History) and isinstance(answer, Movements):
        hear_movements(session, peer, asked, answer)


def forget_directory(session: Session, peer: str) -> None:
    """What a node that is no peer any more told us of its cards; what it holds here stays."""
    rows = session.scalars(select(VillageCard).where(VillageCard.peer == peer))
    for row in rows:
        session.delete(row)
    noted = session.get(VillageNoted, peer)
    if noted is not None:
        session.delete(noted)


def _hear_held(session: Session, peer: str, asked: Holdings, answer: Message) -> None:
    if isinstance(answer, Held):
        hear_held(session, peer, asked, answer)
    elif isinstance(answer, Refused):
        hear_nothing(session, peer, asked, answer.why)


def _learn(session: Session, peer: str, asked: LookUp, answer: Card) -> None:
    """Keep for a few minutes what the primary says of a card; what a home said itself stays."""
    pairing = pairing_of(session)
    handles = {peer: answer.handles[peer]} if peer in answer.handles else {}
    if peer != pairing.primary or answer.state not in STATES or not _are_handles(handles):
        return
    try:
        secret = pairing.secret(session, peer)
        said = open_tap(secret, asked.card)
    except (NoPair, ValueError):
        return
    for key in (tap_key(secret, *one) for one in said):
        row = session.get(VillageCard, (peer, key))
        if row is None or row.rev == 0:
            _keep(session, peer, Listed(key, 0, answer.state, handles), row)


def _keep(session: Session, peer: str, said: Listed, row: VillageCard | None) -> VillageCard:
    before = dict(row.handles) if row is not None else {}
    if row is None:
        row = VillageCard(peer=peer, card_key=said.card)
        session.add(row)
    row.rev, row.state, row.handles = said.rev, said.state, dict(said.handles)
    row.heard_at = clock.now()
    _follow(session, peer, said, before)
    return row


def _follow(session: Session, peer: str, said: Listed, before: Mapping[str, str]) -> None:
    """A wallet that is nobody's yet follows its card: its state, and the handle that its home gives it."""
    own = pairing_of(session).own
    old, new = before.get(own, ""), said.handles.get(own, "")
    stranger = session.get(VillageHandle, old) if old else None
    if stranger is None or stranger.home != peer or stranger.rev > 0:
        return
    stranger.status = _STATUS[said.state]
    if new and new != old:
        _rename(session, stranger, new, said.card)


def _rename(session: Session, stranger: VillageHandle, new: str, card: str) -> None:
    """What is set aside in a wallet keeps it apart; the home's `bind` comes again until it joins."""
    member = session.get(VillageHandle, new)
    if member is None:
        alias = {"home": stranger.home, "rev": 0, "status": stranger.status, "card": card}
        session.add(VillageHandle(handle=new, wallet_id=stranger.wallet_id, **alias))
    elif member.home == stranger.home:
        with suppress(WalletHeld):
            join(session, stranger, member)


def _count(session: Session, table: Any, which: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(table).where(which)) or 0


def _is_bind(said: Bind) -> bool:
    is_card = not said.card or _KEY.fullmatch(said.card) is not None
    return said.status in (ACTIVE, LOST, BLOCKED) and said.rev > 0 and is_card and _is_handle(said.handle)


def _is_listed(said: Listed) -> bool:
    is_card = _KEY.fullmatch(said.card) is not None and said.state in STATES
    return is_card and said.rev > 0 and _are_handles(said.handles)


def _are_handles(handles: Mapping[str, str]) -> bool:
    if len(handles) > MOST_HANDLES:
        return False
    return all(len(peer) <= LONGEST and _is_handle(handle) for peer, handle in handles.items())


def _is_handle(text: str) -> bool:
    return _HANDLE.fullmatch(text) is not None


def _noted(said: Message) -> Noted:
    return Noted(id=said.id, made=milliseconds(clock.now()))


def _no(said: Message, why: str) -> Refused:
    return Refused(id=said.id, made=milliseconds(clock.now()), why=why)
