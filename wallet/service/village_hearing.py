"""What peers say of agreements: their limits, and whether they take our currencies."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from kit import clock
from kit.choices import read_choice
from wallet.between.desk import instant, milliseconds
from wallet.between.messages import Agreed, Limits, Message, Noted, Refused, Terms
from wallet.choices import VillageMoneyRules
from wallet.models.village import VillageAgreement
from wallet.pairing import pairing_of
from wallet.queries.village_terms import agreed_with, limits_for, our_offers, their_offers
from wallet.service import village_rules as rules
from wallet.service.village_currencies import foreign_currency
from wallet.service.village_noted import (
    ANSWERED,
    HEARD,
    REFUSED,
    UNANSWERED,
    UNTAKEN,
    is_known_peer,
    neighbour_of,
    note,
    touch,
)

LIMITS: Final = ("per_tap", "per_card_day", "per_minute", "node_max")
FOR_GOOD: Final = frozenset(
    {
        "malformed",
        "not_yours",
        "name_refused",
        "stays_there",
        "not_primary",
        "over_most",
        "currency_changed",
        "conflict",
    }
)
"""Refusals of our limits that saying them again does not change."""
_AHEAD: Final = timedelta(days=1)


def hear_limits(session: Session, peer: str, said: Limits) -> Agreed | Refused:
    """Keep what `peer` lets us take, and answer what we take of it.

    A higher epoch, then a higher revision replaces; the same one again gets the same answer; an older one is
    refused, and so is everything of a message in which anything cannot be believed.
    """
    known = {row.asset: row for row in their_offers(session, peer)}
    newest = max(((row.epoch, row.rev) for row in known.values()), default=(0, 0))
    if why := _refusal(session, peer, said, newest):
        return _no(said, why)
    if (said.epoch, said.rev) == newest and not _is_same(said, known):
        return _no(said, "conflict")
    if (said.epoch, said.rev) > newest:
        _keep(session, peer, said, known)
    answer = agreed_with(session, peer, said)
    for row in their_offers(session, peer):
        row.noted_rev = row.rev
    session.flush()
    return answer or _no(said, "malformed")


def hear_agreed(session: Session, peer: str, said: Agreed) -> Noted | Refused:
    """Keep which of our currencies `peer` takes: its answer to our limits, or its own change of mind.

    An answer to an older revision, or older than the last one, changes nothing.
    """
    current = limits_for(session, peer)
    if current is None or said.rev > current.rev:
        return _no(said, "not_offered")
    for row in our_offers(session, peer):
        if row.rev <= said.rev and not _is_stale(row, said):
            _answered(session, row, said, current)
    session.flush()
    return Noted(id=said.id, made=milliseconds(clock.now()))


def heard_about_terms(session: Session, peer: str, asked: Message, answer: Message) -> None:
    """What `peer` answered to our limits, or to our own word about its limits."""
    if isinstance(answer, Agreed):
        hear_agreed(session, peer, answer)
    elif isinstance(asked, Agreed) and isinstance(answer, Noted):
        _noted(session, peer, asked)
    elif isinstance(asked, Limits) and isinstance(answer, Refused):
        _refused(session, peer, asked, answer.why)


def _refusal(session: Session, peer: str, said: Limits, newest: tuple[int, int]) -> str:
    if why := rules.wrong_terms(session, peer, said):
        return why
    return "older_revision" if (said.epoch, said.rev) < newest else ""


def _is_same(said: Limits, known: dict[str, VillageAgreement]) -> bool:
    told = {one.asset: tuple(getattr(one, name) for name in LIMITS) for one in said.terms}
    kept = {asset: tuple(getattr(row, name) for name in LIMITS) for asset, row in known.items()}
    return told == {asset: limits for asset, limits in kept.items() if asset in told or any(limits)}


def _keep(session: Session, peer: str, said: Limits, known: dict[str, VillageAgreement]) -> None:
    for one in said.terms:
        _keep_terms(session, peer, one, known.get(one.asset))
    told = {one.asset for one in said.terms}
    for row in known.values():
        if row.asset not in told:
            row.per_tap = row.per_card_day = row.per_minute = row.node_max = 0
    for row in their_offers(session, peer):
        row.epoch, row.rev = said.epoch, said.rev
        row.is_paused_there = row.node_max == 0 or not is_known_peer(session, peer)
        touch(session, row)


def _keep_terms(session: Session, peer: str, said: Terms, row: VillageAgreement | None) -> None:
    """One currency: new ones are taken when a choice says so; more than that is asked of a person again."""
    choices = read_choice(session, VillageMoneyRules)
    currency = foreign_currency(session, peer, said)
    is_new, was_taken, was_most = row is None, row is not None and row.takes, row.node_max if row else 0
    row = row or _new(session, peer, said)
    row.currency_id = currency.id
    for name in LIMITS:
        setattr(row, name, getattr(said, name))
    if is_new:
        row.takes = taken_by_default(session, choices, peer, said)
    elif said.node_max > max(was_most, choices.owed_most):
        row.takes = False
    session.flush()
    if is_new:
        note(session, neighbour_of(peer), HEARD, row, node_max=str(said.node_max))
    elif was_taken and not row.takes:
        note(session, neighbour_of(peer), UNTAKEN, row, node_max=f"{was_most} → {said.node_max}")


def taken_by_default(session: Session, choices: VillageMoneyRules, peer: str, said: Terms) -> bool:
    """Whether the collective's choices accept this without a person."""
    if said.node_max > choices.owed_most or said.nature != "money":
        return False
    if said.reach == "network":
        return choices.takes_network and peer == pairing_of(session).primary
    return choices.takes_village or peer == choices.village_issuer


def _new(session: Session, peer: str, said: Terms) -> VillageAgreement:
    row = VillageAgreement(
        peer=peer,
        asset=said.asset,
        issuer=peer,
        acceptor=pairing_of(session).own,
        currency_id=said.currency,
        epoch=0,
        takes=False,
        is_paused_here=False,
        is_paused_there=False,
        rev=0,
        noted_rev=0,
        changed_at=clock.now(),
    )
    session.add(row)
    return row


def _answered(session: Session, row: VillageAgreement, said: Agreed, current: Limits) -> None:
    was, row.takes = row.takes, row.asset in said.takes
    row.noted_rev = row.rev
    if said.id == current.id:
        row.epoch = current.epoch
    row.changed_at = _moment(said)
    if row.takes != was:
        note(session, neighbour_of(row.peer), ANSWERED if row.takes else UNANSWERED, row)


def _is_stale(row: VillageAgreement, said: Agreed) -> bool:
    """Since the last answer was kept, `changed_at` is the time at which the peer made it."""
    return row.noted_rev >= row.rev and _moment(said) < row.changed_at


def _moment(said: Agreed) -> datetime:
    """When it was made; a peer's clock that is far ahead does not silence it for ever."""
    latest = clock.now() + _AHEAD
    return instant(min(max(said.made, 0), milliseconds(latest)))


def _noted(session: Session, peer: str, asked: Agreed) -> None:
    current = agreed_with(session, peer)
    if current is not None and current.id == asked.id:
        for row in their_offers(session, peer):
            row.noted_rev = row.rev
        session.flush()


def _refused(session: Session, peer: str, asked: Limits, why: str) -> None:
    """An older revision than the peer knows is said again with a newer one; other refusals stand."""
    current = limits_for(session, peer)
    if current is None or current.id != asked.id:
        return
    rows = our_offers(session, peer)
    if why == "older_revision":
        touch(session, rows[0])
    elif why in FOR_GOOD:
        for row in rows:
            row.takes, row.noted_rev, row.epoch = False, row.rev, current.epoch
        note(session, neighbour_of(peer), REFUSED, rows[0], why=why)
        session.flush()


def _no(said: Message, why: str) -> Refused:
    return Refused(id=said.id, made=milliseconds(clock.now()), why=why)
