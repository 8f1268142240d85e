"""A bundle out of our tables: what we can prove about one neighbour, in a file for anybody."""

from collections.abc import Iterator

from msgspec import Raw
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from federation.models.actors import ActorKey
from federation.urls import origin
from kit import clock
from kit.features import EXPORT_PEER
from wallet.between.bundle import VERSION, Agreed, Bundle, Key, written
from wallet.between.desk import milliseconds
from wallet.between.messages import Point
from wallet.federated.signed import evidence_of
from wallet.models.village import VillageCheckpoint, VillageEnvelope, VillageItem, VillageLine, VillageMirror


def bundle(session: Session, maker: str, peer: str) -> bytes:
    """The file that `maker`, this node's origin, can show about `peer`. Empty lists when nothing was said."""
    return written(
        Bundle(
            v=VERSION,
            maker=maker,
            about=peer,
            made=milliseconds(clock.now()),
            keys=tuple(_keys(session, peer)),
            evidence=tuple(_evidence(session, peer)),
            lines=tuple(_lines(session, peer)),
            points=tuple(_points(session, peer)),
        )
    )


def export(session: Session) -> Iterator[bytes]:
    """For `hameau export village-bundle --peer ORIGIN`; every neighbour that said something, one per line."""
    peers = [session.info[EXPORT_PEER]] if session.info.get(EXPORT_PEER) else _peers(session)
    if not peers:  # a file all the same, so that nobody looks for it
        yield b"\n"
    for peer in peers:
        yield bundle(session, _me(session, peer), peer) + b"\n"


def _peers(session: Session) -> list[str]:
    return list(session.scalars(select(VillageEnvelope.peer).distinct().order_by(VillageEnvelope.peer)))


def _me(session: Session, peer: str) -> str:
    """Whom the neighbour spoke to."""
    found = session.scalar(select(VillageEnvelope.addressee).where(VillageEnvelope.peer == peer).limit(1))
    return found or ""


def _keys(session: Session, peer: str) -> Iterator[Key]:
    """Those of its keys that signed something here."""
    used = select(VillageEnvelope.kid).where(VillageEnvelope.peer == peer).distinct()
    wanted = select(ActorKey).where(ActorKey.key_id.in_(used), ActorKey.state != "offered")
    for row in session.scalars(wanted.order_by(ActorKey.key_id, ActorKey.fingerprint)):
        if origin(row.actor_uri) == peer:
            yield Key(peer, row.key_id, row.material, row.actor_uri)


def _evidence(session: Session, peer: str) -> Iterator[Raw]:
    envelope, item = VillageEnvelope, VillageItem
    wanted = (
        select(
            item.n, item.asked, item.body, envelope.peer, envelope.addressee, envelope.kid, envelope.at,
            envelope.hashes, envelope.root, envelope.sig,
        )
        .join(envelope, envelope.id == item.envelope_id)
        .where(envelope.peer == peer)
        .order_by(envelope.at, envelope.id, item.n)
    )  # fmt: skip
    for row in session.execute(wanted):
        yield Raw(evidence_of(tuple(row)).to_json())


def _lines(session: Session, peer: str) -> Iterator[Raw]:
    """Those that the mirrors go to: what came early beyond a gap proves nothing yet."""
    line, mirror = VillageLine, VillageMirror
    same = (mirror.issuer == line.issuer) & (mirror.holder == line.holder) & (mirror.asset == line.asset)
    wanted = (
        select(line.body)
        .join(mirror, same)
        .where(or_(line.issuer == peer, line.holder == peer), line.seq <= mirror.seq)
        .order_by(line.issuer, line.holder, line.asset, line.epoch, line.seq)
    )
    for body in session.scalars(wanted):
        yield Raw(body)


def _points(session: Session, peer: str) -> Iterator[Agreed]:
    point = VillageCheckpoint
    wanted = select(point).where(or_(point.issuer == peer, point.holder == peer))
    for row in session.scalars(wanted.order_by(point.issuer, point.asset, point.epoch, point.seq)):
        where = Point(row.seq, row.hash, row.balance)
        yield Agreed(row.issuer, row.holder, row.asset, row.epoch, where, Raw(row.theirs), Raw(row.ours))
