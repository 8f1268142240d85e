"""What stands under a grant, at the issuer: whether what is presented afterwards counts, and who bears it."""

from msgspec import structs

from wallet.between.desk import Desk, UseKey, instant
from wallet.between.messages import Present
from wallet.between.shapes import GrantKept


def not_granted(desk: Desk, peer: str, asked: Present) -> str:
    """Why nothing was ever to be accepted like this, so that not even the wallet pays; "" when it was."""
    grant = desk.grants.get(asked.grant)
    if grant is None or (grant.issuer, grant.acceptor, grant.asset) != (desk.me, peer, asked.asset):
        return "not_granted"
    if is_too_late(grant, asked):
        return "grant_revoked"
    if asked.amount > grant.per_tap or not grant.since <= asked.taken < grant.until:
        return "not_granted"
    day = _day_of(grant, asked)
    if desk.used(day) + asked.amount > grant.per_card_day:
        return "over_card_day"
    desk.use(day, asked.amount)
    return ""


def is_too_late(grant: GrantKept, asked: Present) -> bool:
    """Whether the acceptor, when it heard the end of the grant, did not say that it had accepted this."""
    return grant.revoked and grant.closed is not None and asked.id not in grant.closed


def must_be_listed(desk: Desk, peer: str, asked: Present) -> bool:
    """Whether the grant is over and its acceptor has not said yet what it had accepted: that comes first."""
    grant = desk.grants.get(asked.grant)
    if grant is None or (grant.issuer, grant.acceptor) != (desk.me, peer):
        return False
    return grant.revoked and grant.closed is None


def covered(desk: Desk, asked: Present) -> int:
    """What the issuer bears of this offline payment: within every cap of its grant, counted for ever."""
    grant = desk.grants[asked.grant]
    part = covered_by(grant, desk.used(_card_of(grant, asked)), asked)
    desk.keep_grant(_raised(grant, asked.amount))
    desk.use(_card_of(grant, asked), asked.amount)
    return part


def covered_by(grant: GrantKept, used_by_card: int, asked: Present) -> int:
    """The part of `asked` that stands under the grant and that its issuer bears."""
    if grant.bearer != "issuer":
        return 0
    room = min(grant.per_tap, grant.node_max - grant.used, grant.per_card - used_by_card)
    return max(0, min(asked.amount, room))


def _raised(grant: GrantKept, amount: int) -> GrantKept:
    return structs.replace(grant, used=grant.used + amount)


def _card_of(grant: GrantKept, asked: Present) -> UseKey:
    return grant.acceptor, grant.asset, f"grant:{grant.id.hex}:{asked.handle}"


def _day_of(grant: GrantKept, asked: Present) -> UseKey:
    """The same for the day on which it was taken, as the acceptor counts it, too."""
    what = f"grant-day:{grant.id.hex}:{asked.handle}:{instant(asked.taken):%Y%m%d}"
    return grant.acceptor, grant.asset, what
