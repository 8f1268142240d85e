"""What peers noted of our directory and of our members: the rest stays due."""

from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec.structs import replace
from sqlalchemy import update
from sqlalchemy.orm import Session

from kit import clock
from kit.db.insert import insert
from wallet.between.desk import instant, milliseconds
from wallet.between.messages import Bind, Hotlist, Message
from wallet.models.village_cards import VillageBinding, VillageHandle, VillageListed, VillageNoted
from wallet.queries.village_due import (
    Entry,
    Listener,
    due_binds,
    due_hotlist,
    listeners,
    newest_revisions,
    unbound,
)

_ANY: Final = UUID(int=0)


def noted_cards(session: Session, peer: str, asked: Message) -> None:
    """`peer` noted a part of our directory, or a member's handle; what changed meanwhile stays due."""
    for to in listeners(session, [peer]):
        if isinstance(asked, Hotlist):
            due, entries = due_hotlist(session, to)
            if due is not None and _content(due) == _content(asked):
                _note_listed(session, to, due, entries)
        elif isinstance(asked, Bind) and _content(asked) in map(_content, due_binds(session, to)):
            _note_bound(session, to, asked)


def tell_again(session: Session, peer: str) -> None:
    """`peer` lost what it knew: every card and every member is told once more."""
    noted = session.get(VillageNoted, peer)
    if noted is not None:
        session.delete(noted)
    _unbind(session, peer)


def _note_listed(session: Session, to: Listener, said: Hotlist, entries: list[Entry]) -> None:
    noted = _row(session, to)
    noted.rev, noted.noted_at = said.rev, _later(said)
    _settle(session, to.peer, noted)
    rows = [
        {"peer": to.peer, "card_key": key, "card_id": entry.card_id, "rev": entry.rev}
        for entry in entries
        for key in entry.keys
    ]
    written = insert(session, VillageListed).values(rows)
    session.execute(
        written.on_conflict_do_update(
            index_elements=["peer", "card_key"],
            set_={"rev": written.excluded.rev, "card_id": written.excluded.card_id},
        )
    )
    session.flush()


def _note_bound(session: Session, to: Listener, said: Bind) -> None:
    """The handle is kept for ever, the revision until the next."""
    noted = _row(session, to)
    row = session.scalars(
        unbound(session, to.peer, noted.bound_rev).where(VillageHandle.rev == said.rev).limit(1)
    ).one()
    binding = session.get(VillageBinding, (row.wallet_id, to.peer))
    if binding is None:
        binding = VillageBinding(wallet_id=row.wallet_id, peer=to.peer, handle=said.handle)
        session.add(binding)
    binding.rev = said.rev
    session.flush()
    _settle(session, to.peer, noted)


def _settle(session: Session, peer: str, noted: VillageNoted) -> None:
    """Remember up to where no member waits to be told, so that only what comes after is looked at."""
    waiting = session.scalars(unbound(session, peer, noted.bound_rev).limit(1)).first()
    noted.bound_rev = waiting.rev - 1 if waiting is not None else newest_revisions(session)[1]


def _row(session: Session, to: Listener) -> VillageNoted:
    """What this peer noted on today's terms; on other terms, nothing."""
    row = session.get(VillageNoted, to.peer)
    if row is None:
        row = VillageNoted(peer=to.peer, terms=to.terms, rev=0, bound_rev=0, noted_at=clock.now())
        session.add(row)
    elif row.terms != to.terms:
        row.terms, row.rev, row.bound_rev = to.terms, 0, 0
        _unbind(session, to.peer)
    return row


def _unbind(session: Session, peer: str) -> None:
    """Handles stay for ever; that the peer noted them does not."""
    again = update(VillageBinding).where(VillageBinding.peer == peer).values(rev=0)
    session.execute(again.execution_options(synchronize_session="fetch"))


def _later(said: Message) -> datetime:
    """Now, and never the moment of what was just noted: the next message is another one."""
    now = clock.now()
    return now if milliseconds(now) > said.made else instant(said.made + 1)


def _content(said: Hotlist | Bind) -> Message:
    """What it says, whenever it was said first."""
    return replace(said, id=_ANY, made=0)
