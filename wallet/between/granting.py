"""Grants, at the acceptor: what may be accepted while an issuer cannot be asked, and what was."""

from datetime import UTC, datetime

from msgspec import structs

from wallet.between.desk import Desk, UseKey
from wallet.between.shapes import GrantKept, Leg, Payment


def grant_for(desk: Desk, leg: Leg) -> GrantKept | None:
    """The grant under which this leg may be accepted now; None when there is none, or no room in it."""
    return next((grant for grant in desk.grants.values() if _allows(desk, grant, leg)), None)


def _allows(desk: Desk, grant: GrantKept, leg: Leg) -> bool:
    asset = desk.book.assets.get(leg.currency)
    if (grant.issuer, grant.acceptor, grant.asset) != (leg.issuer, desk.me, leg.asset) or grant.revoked:
        return False
    return (
        asset is not None
        and asset.nature != "gift"
        and grant.since <= desk.ms < grant.until
        and leg.amount <= grant.per_tap
        and grant.used + leg.amount <= grant.node_max
        and desk.used(card_key(grant, leg)) + leg.amount <= grant.per_card
        and desk.used(day_key(grant, leg, desk.ms)) + leg.amount <= grant.per_card_day
    )


def raise_use(desk: Desk, grant: GrantKept, leg: Leg) -> None:
    """Count it, in the same commit as the acceptance."""
    desk.keep_grant(structs.replace(grant, used=grant.used + leg.amount))
    desk.use(card_key(grant, leg), leg.amount)
    desk.use(day_key(grant, leg, desk.ms), leg.amount)


def lower(desk: Desk, payment: Payment) -> None:
    """What the issuer answered is no risk any more."""
    for leg in payment.legs:
        grant = desk.grants.get(leg.grant) if leg.grant else None
        if grant is not None:
            desk.keep_grant(structs.replace(grant, used=grant.used - leg.amount))
            desk.use(card_key(grant, leg), -leg.amount)


def card_key(grant: GrantKept, leg: Leg) -> UseKey:
    """Where what one card owes under a grant is counted."""
    return grant.issuer, grant.asset, f"offline:{grant.id.hex}:{leg.handle}"


def day_key(grant: GrantKept, leg: Leg, ms: int) -> UseKey:
    """The same for one day."""
    day = datetime.fromtimestamp(ms / 1000, UTC)
    return grant.issuer, grant.asset, f"offline-day:{grant.id.hex}:{leg.handle}:{day:%Y%m%d}"
