"""What our members hold at other nodes: asked when one of them looks, kept with the time when it was true."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from kit import clock
from wallet.between.desk import instant, milliseconds
from wallet.between.messages import LONGEST, Held, History, Holdings, Movement, Movements
from wallet.models.village_cards import VillageBinding, VillageHolding, VillageMovement

FRESH: Final = timedelta(seconds=15)
"""An answer so young is not asked for again."""
MOST_ASSETS: Final = 64
MOST: Final = 2**53 - 1


def ask_holdings(session: Session, wallet_id: UUID) -> Sequence[str]:
    """Want to know what a wallet holds at each node that knows its handle; those that will be asked."""
    now, asked = _now(), unasked(session, wallet_id)
    for peer in asked:
        row = session.get(VillageHolding, (wallet_id, peer))
        if row is None:
            row = VillageHolding(wallet_id=wallet_id, peer=peer, balances={})
        row.asked_at = now
        session.add(row)
    session.flush()
    return asked


def unasked(session: Session, wallet_id: UUID) -> Sequence[str]:
    """The nodes that know a handle of this wallet and were not asked about it lately."""
    held = VillageHolding
    found = (
        select(VillageBinding.peer)
        .outerjoin(held, (held.wallet_id == VillageBinding.wallet_id) & (held.peer == VillageBinding.peer))
        .where(VillageBinding.wallet_id == wallet_id)
        .where(held.asked_at.is_(None) | (held.asked_at <= clock.now() - FRESH))
    )
    return session.scalars(found.order_by(VillageBinding.peer)).all()


def hear_held(session: Session, peer: str, asked: Holdings, answer: Held) -> None:
    """Keep what `peer` says that a wallet holds there, the last word by that node's clock."""
    row = _row(session, peer, asked.handle)
    if row is None or len(answer.balances) > MOST_ASSETS:
        return
    at = instant(answer.at)
    if row.at is None or at >= row.at:
        row.at, row.balances, row.trouble = at, _ours(peer, answer.balances), ""
    row.heard_at = max(row.heard_at or instant(asked.made), instant(asked.made))


def hear_movements(session: Session, peer: str, asked: History, answer: Movements) -> None:
    """Keep the movements that follow those we have; when there are more, ask again."""
    row = _row(session, peer, asked.handle)
    if row is None:
        return
    number = asked.after
    for said in answer.movements:
        number += 1
        if said.number != number or abs(said.amount) > MOST:
            return
        _keep(session, row, said)
    if answer.more and answer.movements:
        row.asked_at = max(_now(), instant(asked.made + 1))


def hear_nothing(session: Session, peer: str, asked: Holdings, why: str) -> None:
    """`peer` refused to say: what it said before stays, with its time."""
    row = _row(session, peer, asked.handle)
    if row is not None:
        row.trouble, row.heard_at = why[:LONGEST], instant(asked.made)


def forget_elsewhere(session: Session, wallet_id: UUID) -> None:
    """What other nodes told of a wallet that its person leaves."""
    for table in (VillageHolding, VillageMovement):
        session.execute(delete(table).where(table.wallet_id == wallet_id))


def _now() -> datetime:
    """In whole milliseconds, as the question carries it."""
    return instant(milliseconds(clock.now()))


def _ours(peer: str, balances: Mapping[str, int]) -> dict[str, int]:
    """The assets that `peer` issues: it speaks for no other's."""
    host = f"{peer.partition('://')[2]}/"
    return {
        asset: amount for asset, amount in balances.items() if asset.startswith(host) and 0 <= amount <= MOST
    }


def _row(session: Session, peer: str, handle: str) -> VillageHolding | None:
    mine = select(VillageBinding.wallet_id).where(
        VillageBinding.peer == peer, VillageBinding.handle == handle
    )
    wallet_id = session.scalar(mine)
    return session.get(VillageHolding, (wallet_id, peer)) if wallet_id is not None else None


def _keep(session: Session, row: VillageHolding, said: Movement) -> None:
    """The first word about a number stays."""
    if session.get(VillageMovement, (row.wallet_id, row.peer, said.number)) is not None:
        return
    session.add(
        VillageMovement(
            wallet_id=row.wallet_id,
            peer=row.peer,
            number=said.number,
            at=instant(said.at),
            kind=said.kind[:LONGEST],
            asset=said.asset[:LONGEST],
            amount=said.amount,
            place=said.place[:LONGEST],
        )
    )
