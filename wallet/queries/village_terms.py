"""What this node and its peers agreed about money, and what of it a peer has not heard or not answered yet.

All is worked out from rows: the same state always gives the same messages, with the same ids.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wallet.between.desk import milliseconds
from wallet.between.messages import Agreed, Grant, Limits, Message, Revoke, Terms, Used, decode, encode
from wallet.models.currency import Currency
from wallet.models.village import VillageAgreement, VillageEpoch, VillageGrant
from wallet.pairing import pairing_of

FIRST_EPOCH: Final = 1
_MESSAGES: Final = UUID("5d7f6b0e-3f0c-5b0a-9d55-0f6a3c1e9d01")


def due_terms(session: Session, peers: Sequence[str]) -> list[tuple[str, Message]]:
    """What to tell each of these peers now: our limits, whether we take theirs, grants, their end."""
    found: list[tuple[str, Message]] = []
    for peer in _unheard(session, peers):
        limits, agreed = limits_for(session, peer), agreed_with(session, peer)
        if limits is not None and _is_due(session, our_offers(session, peer)):
            found.append((peer, limits))
        if agreed is not None and any(row.noted_rev < row.rev for row in their_offers(session, peer)):
            found.append((peer, agreed))
    return [*found, *_due_grants(session, peers)]


def limits_for(session: Session, peer: str) -> Limits | None:
    """All that we let `peer` take; None when nothing was ever offered to it."""
    rows = our_offers(session, peer)
    if not rows:
        return None
    currencies = {row.asset: session.get_one(Currency, row.currency_id) for row in rows}
    content: dict[str, Any] = {
        "rev": max(row.rev for row in rows),
        "epoch": epoch_now(session),
        "terms": tuple(_terms(row, currencies[row.asset]) for row in rows),
    }
    return Limits(**_named("limits", rows, content), **content)


def agreed_with(session: Session, peer: str, asked: Limits | None = None) -> Agreed | None:
    """Which currencies of `peer` we take, as an answer to `asked` or by ourselves; None: it offered none."""
    rows = their_offers(session, peer)
    if not rows:
        return Agreed(id=asked.id, made=asked.made, rev=asked.rev) if asked else None
    content: dict[str, Any] = {
        "rev": max(row.rev for row in rows),
        "takes": tuple(row.asset for row in rows if row.takes and not row.is_paused_here),
    }
    named = _named("agreed", rows, content)
    return Agreed(**named | ({"id": asked.id} if asked else {}), **content)


def our_offers(session: Session, peer: str) -> Sequence[VillageAgreement]:
    """What we issue and `peer` may take, the ended ones included, by asset."""
    return _rows(session, peer, pairing_of(session).own)


def their_offers(session: Session, peer: str) -> Sequence[VillageAgreement]:
    """What `peer` issues and we may take, by asset."""
    return _rows(session, peer, peer)


def agreements(session: Session) -> Sequence[VillageAgreement]:
    """Every agreement, by peer and asset."""
    ordered = select(VillageAgreement).order_by(VillageAgreement.peer, VillageAgreement.asset)
    return session.scalars(ordered).all()


def is_live(row: VillageAgreement) -> bool:
    """Whether something new may be taken under it."""
    return row.takes and row.node_max > 0 and not row.is_paused_here and not row.is_paused_there


def epoch_now(session: Session) -> int:
    """How often this node's money began anew."""
    return session.scalar(select(func.max(VillageEpoch.number))) or FIRST_EPOCH


def place_of(origin: str) -> str:
    """`cafe.example` for `https://cafe.example`: how the wire names a node within an asset."""
    return origin.partition("://")[2].rstrip("/")


def message_id(kind: str, made: int, content: Any) -> UUID:
    """The same content, the same id."""
    return uuid5(_MESSAGES, sha256(encode([kind, made, content])).hexdigest())


def _rows(session: Session, peer: str, issuer: str) -> Sequence[VillageAgreement]:
    mine = select(VillageAgreement).where(VillageAgreement.peer == peer, VillageAgreement.issuer == issuer)
    return session.scalars(mine.order_by(VillageAgreement.asset)).all()


def _unheard(session: Session, peers: Sequence[str]) -> list[str]:
    """Peers with an agreement that one side has to tell the other about; most of the time there is none."""
    own, epoch = pairing_of(session).own, epoch_now(session)
    is_new = VillageAgreement.noted_rev < VillageAgreement.rev
    is_older = (VillageAgreement.issuer == own) & (VillageAgreement.epoch < epoch)
    wanted = select(VillageAgreement.peer).where(VillageAgreement.peer.in_(peers), is_new | is_older)
    return list(session.scalars(wanted.distinct().order_by(VillageAgreement.peer)))


def _is_due(session: Session, rows: Sequence[VillageAgreement]) -> bool:
    epoch = epoch_now(session)
    return any(row.noted_rev < row.rev or row.epoch < epoch for row in rows)


def _terms(row: VillageAgreement, currency: Currency) -> Terms:
    """While it is paused here, nothing may be taken: the other limits stay what they are."""
    return Terms(
        asset=row.asset,
        currency=currency.id,
        name=currency.name,
        symbol=currency.symbol,
        nature=currency.nature,
        reach=currency.reach,
        scale=currency.scale,
        at_par=currency.at_par,
        per_tap=row.per_tap,
        per_card_day=row.per_card_day,
        per_minute=row.per_minute,
        node_max=0 if row.is_paused_here else row.node_max,
    )


def _named(kind: str, rows: Sequence[VillageAgreement], content: Any) -> dict[str, Any]:
    made = max(milliseconds(row.changed_at) for row in rows)
    return {"id": message_id(kind, made, content), "made": made}


def _due_grants(session: Session, peers: Sequence[str]) -> list[tuple[str, Message]]:
    unheard = select(VillageGrant).where(VillageGrant.is_ours, ~VillageGrant.noted)
    rows = session.scalars(unheard.where(VillageGrant.acceptor.in_(peers)).order_by(VillageGrant.id))
    told: list[tuple[str, Message]] = [(row.acceptor, _about_grant(row)) for row in rows]
    return told + [(row.issuer, _used(row)) for row in _uncounted(session, peers)]


def _uncounted(session: Session, peers: Sequence[str]) -> Iterable[VillageGrant]:
    """Grants of others whose issuer knows another count than ours."""
    theirs = select(VillageGrant).where(~VillageGrant.is_ours, VillageGrant.issuer.in_(peers))
    return session.scalars(theirs.where(VillageGrant.used != func.coalesce(VillageGrant.told, 0)))


def _used(row: VillageGrant) -> Used:
    made = milliseconds(row.told_at) if row.told_at else row.since
    return Used(id=message_id("used", made, [row.id, row.used]), made=made, grant=row.id, used=row.used)


def _about_grant(row: VillageGrant) -> Grant | Revoke:
    if row.revoked:
        return Revoke(id=row.id, made=row.since)
    said = decode(row.item)
    if not isinstance(said, Grant):
        raise TypeError("a grant of ours is kept as it was said")
    return said
