"""Grants both ways, and the worst that can come of them, as numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from kit import clock
from wallet.between.desk import milliseconds
from wallet.models.currency import Currency
from wallet.models.village import VillageGrant


@dataclass(frozen=True)
class Worst:
    """The most that can be lost of one currency, in minor units, and with which nodes (origins).

    `per_card`: the most that one card alone may come to owe, at all these nodes together.
    """

    currency: Currency
    most: int
    per_card: int
    peers: tuple[str, ...]


@dataclass(frozen=True)
class WorstCase:
    """`as_issuer`: wallets of ours may come to owe us that. `as_acceptor`: we may not be paid that, by peer.

    A grant that ended still counts until its acceptor has said what it accepted before.
    """

    as_issuer: Sequence[Worst]
    as_acceptor: Sequence[Worst]


def grants(session: Session, *, is_ours: bool) -> Sequence[VillageGrant]:
    """Those that we gave, or that we were given; the newest first."""
    found = select(VillageGrant).where(VillageGrant.is_ours == is_ours)
    return session.scalars(found.order_by(VillageGrant.since.desc(), VillageGrant.id)).all()


def live_grant(session: Session, peer: str, asset: str) -> VillageGrant | None:
    """What `peer` may accept of our `asset` while it cannot ask us; None when nothing."""
    now = milliseconds(clock.now())
    mine = select(VillageGrant).where(VillageGrant.is_ours, VillageGrant.acceptor == peer)
    live = mine.where(VillageGrant.asset == asset, ~VillageGrant.revoked, VillageGrant.until > now)
    return session.scalars(live.order_by(VillageGrant.since.desc()).limit(1)).first()


def is_in_force(grant: VillageGrant) -> bool:
    """Whether something may be accepted under it now."""
    return not grant.revoked and grant.since <= milliseconds(clock.now()) < grant.until


def worst_case(session: Session) -> WorstCase:
    """What both directions may cost at most: as issuer by currency, as acceptor by currency and node."""
    now = milliseconds(clock.now())
    given = [one for one in grants(session, is_ours=True) if one.until > now and one.bearer == "issuer"]
    taken = [one for one in grants(session, is_ours=False) if one.bearer == "acceptor" and _at_risk(one, now)]
    named = _named(session, [*given, *taken])
    by_asset: dict[str, list[VillageGrant]] = {}
    by_peer: dict[tuple[str, str], list[VillageGrant]] = {}
    for one in given:
        by_asset.setdefault(one.asset, []).append(one)
    for one in taken:
        by_peer.setdefault((one.issuer, one.asset), []).append(one)
    return WorstCase(
        [_worst(named[asset], rows, "acceptor") for asset, rows in sorted(by_asset.items())],
        [_worst(named[asset], rows, "issuer") for (_peer, asset), rows in sorted(by_peer.items())],
    )


def currency_of(session: Session, asset: str) -> Currency | None:
    """The currency behind a wire name, ours or another node's."""
    return _named(session, [asset]).get(asset)


def _at_risk(grant: VillageGrant, now: int) -> bool:
    """It may still be used, or what was accepted under it is not settled."""
    return (not grant.revoked and grant.until > now) or grant.used > 0


def _worst(currency: Currency, rows: Sequence[VillageGrant], side: str) -> Worst:
    now = milliseconds(clock.now())
    most = sum(_risk(one, now) for one in rows)
    per_card = sum(min(one.per_card, one.node_max) for one in rows)
    return Worst(currency, most, min(per_card, most), tuple(sorted({getattr(one, side) for one in rows})))


def _risk(grant: VillageGrant, now: int) -> int:
    """Of a grant that is over, what was accepted and not answered for is all there is, once that was said."""
    if grant.is_ours:
        return grant.node_max if grant.closed is None else grant.told or 0
    return grant.used if grant.revoked or grant.until <= now else grant.node_max


def _named(session: Session, wanted: Iterable[VillageGrant | str]) -> dict[str, Currency]:
    """Currencies by wire name: one of ours is known by its code alone."""
    assets = {one if isinstance(one, str) else one.asset for one in wanted}
    codes = assets | {asset.rpartition("/")[2] for asset in assets}
    found = {one.code: one for one in session.scalars(select(Currency).where(Currency.code.in_(codes)))}
    return {
        asset: found.get(asset) or found[asset.rpartition("/")[2]]
        for asset in assets
        if asset in found or asset.rpartition("/")[2] in found
    }
