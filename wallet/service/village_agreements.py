"""Agreements about money: the issuer says how much of its currency a node may take, the node takes it or not.

What was decided here is a row; the engine says it to the peer until it is answered (`queries.village_terms`).
The issuer enforces the limits, so that lowering them counts at once, before the peer has heard of it.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from msgspec import structs
from sqlalchemy import select
from sqlalchemy.orm import Session

from kit.auth import Principal
from kit.choices import read_choice
from kit.errors import Invalid
from wallet.choices import TakingLimits, VillageMoneyRules
from wallet.models.currency import OURS, Currency
from wallet.models.village import VillageAgreement
from wallet.pairing import pairing_of
from wallet.queries.village_taking import wire_name
from wallet.queries.village_terms import epoch_now, our_offers, their_offers
from wallet.service import village_rules as rules
from wallet.service.currencies import HOUSE, currency_by_id
from wallet.service.village_grants import end_grants, revoke_all
from wallet.service.village_hearing import hear_agreed, hear_limits, heard_about_terms
from wallet.service.village_noted import OFFERED, PAUSED, RESUMED, TAKEN, UNTAKEN, WITHDRAWN, note, touch

__all__ = [
    "agreement_of", "decline", "follow_peering", "hear_agreed", "hear_limits", "heard_about_terms",
    "offer_terms", "offer_usual", "pause", "resume", "say_again", "say_words", "take", "withdraw",
]  # fmt: skip


def offer_terms(
    session: Session, by: Principal, peer: str, currency_id: UUID, limits: TakingLimits
) -> VillageAgreement:
    """Let `peer` take a currency of ours, or other limits from now on; what was taken before stays.

    Raises NotInVillage, NoSuchCurrency, CurrencyNotOurs, StaysHere, NotInNetwork, Invalid.
    """
    currency = currency_by_id(session, currency_id)
    _refuse_impossible(session, peer, currency)
    if wrong := rules.wrong_limits(limits):
        raise Invalid(fields=wrong)
    row = session.get(VillageAgreement, (peer, wire_name(currency)))
    was = _limits(row) if row is not None else None
    if row is not None and was == limits and not row.is_paused_here:
        return row
    row = row or _new(session, peer, currency)
    for name, value in structs.asdict(limits).items():
        setattr(row, name, value)
    row.is_paused_here = False
    touch(session, row)
    changed = {name: f"{getattr(was, name, 0)} → {value}" for name, value in structs.asdict(limits).items()}
    note(session, by, OFFERED, row, **changed)
    return row


def withdraw(session: Session, by: Principal, peer: str, asset: str) -> VillageAgreement:
    """Let `peer` take nothing new of it; what is under way comes to its end. Raises NoSuchAgreement."""
    row = _ours(session, peer, asset)
    if row.node_max:
        row.per_tap = row.per_card_day = row.per_minute = row.node_max = 0
        row.is_paused_here = False
        touch(session, row)
        note(session, by, WITHDRAWN, row)
        revoke_all(session, by, peer, asset)
    return row


def take(session: Session, by: Principal, peer: str, asset: str) -> VillageAgreement:
    """Accept what `peer` offers, as it stands. Raises NoSuchAgreement, NothingToTake."""
    row = _theirs(session, peer, asset)
    if row.node_max == 0:
        raise rules.NothingToTake
    if not row.takes:
        row.takes = True
        touch(session, row)
        note(session, by, TAKEN, row)
    return row


def decline(session: Session, by: Principal, peer: str, asset: str) -> VillageAgreement:
    """Accept it no more. Raises NoSuchAgreement."""
    row = _theirs(session, peer, asset)
    if row.takes:
        row.takes = False
        touch(session, row)
        note(session, by, UNTAKEN, row)
    return row


def pause(session: Session, by: Principal, peer: str, asset: str) -> VillageAgreement:
    """Nothing new for now, whoever issues it; what is under way goes on. Raises NoSuchAgreement."""
    return _pause(session, by, agreement_of(session, peer, asset), on=True)


def resume(session: Session, by: Principal, peer: str, asset: str) -> VillageAgreement:
    """Go on with the same limits. Raises NoSuchAgreement."""
    return _pause(session, by, agreement_of(session, peer, asset), on=False)


def agreement_of(session: Session, peer: str, asset: str) -> VillageAgreement:
    """Raises NoSuchAgreement."""
    row = session.get(VillageAgreement, (peer, asset))
    if row is None:
        raise rules.NoSuchAgreement
    return row


def offer_usual(session: Session, peers: Iterable[str] | None = None) -> list[VillageAgreement]:
    """Offer by ourselves what the choices say, to peers that were never offered it. Asked again, nothing."""
    choices = read_choice(session, VillageMoneyRules)
    found: list[VillageAgreement] = []
    for currency in _offered_by_default(session, choices):
        for peer in _wanted(session, peers):
            known = session.get(VillageAgreement, (peer, wire_name(currency)))
            if known is None and _may_take(session, peer, currency):
                found.append(offer_terms(session, HOUSE, peer, currency.id, choices.limits))
    return found


def follow_peering(session: Session, peer: str, *, is_over: bool = False) -> None:
    """Nothing new is taken either way while the exchange is paused; when it is over, both begin again.

    What is under way goes on while it is paused. Grants end with the exchange.
    """
    is_cut = is_over or peer not in pairing_of(session).peers(session)
    for row in our_offers(session, peer):
        row.is_paused_there = is_cut
        row.is_paused_here = row.is_paused_here or (is_over and row.node_max > 0)
    for row in their_offers(session, peer):
        row.is_paused_there = is_cut or row.node_max == 0
        row.takes = row.takes and not is_over
    if is_over:
        end_grants(session, peer)
    session.flush()
    if not is_cut:
        offer_usual(session, [peer])


def say_words(session: Session, currency_id: UUID) -> None:
    """A currency of ours is called otherwise: whoever may take it is told."""
    mine = select(VillageAgreement).where(VillageAgreement.currency_id == currency_id)
    for row in session.scalars(mine.where(VillageAgreement.acceptor == VillageAgreement.peer)).all():
        touch(session, row)


def say_again(session: Session, peer: str) -> None:
    """`peer` lost what it knew: it is told everything once more."""
    for row in (*our_offers(session, peer), *their_offers(session, peer)):
        row.noted_rev = 0
    session.flush()


def _pause(session: Session, by: Principal, row: VillageAgreement, *, on: bool) -> VillageAgreement:
    if row.is_paused_here != on:
        row.is_paused_here = on
        touch(session, row)
        note(session, by, PAUSED if on else RESUMED, row)
    return row


def _refuse_impossible(session: Session, peer: str, currency: Currency) -> None:
    pairing = pairing_of(session)
    if peer not in pairing.peers(session):
        raise rules.NotInVillage
    if currency.issuer != pairing.own:
        raise rules.CurrencyNotOurs
    if currency.reach == "issuer_only" or currency.nature == "gift":
        raise rules.StaysHere
    if not _may_take(session, peer, currency):
        raise rules.NotInNetwork


def _new(session: Session, peer: str, currency: Currency) -> VillageAgreement:
    row = VillageAgreement(
        peer=peer,
        asset=wire_name(currency),
        issuer=currency.issuer,
        acceptor=peer,
        currency_id=currency.id,
        epoch=epoch_now(session),
        takes=False,
        is_paused_here=False,
        is_paused_there=False,
        rev=0,
        noted_rev=0,
    )
    session.add(row)
    return row


def _limits(row: VillageAgreement) -> TakingLimits:
    return TakingLimits(
        per_tap=row.per_tap,
        per_card_day=row.per_card_day,
        per_minute=row.per_minute,
        node_max=row.node_max,
    )


def _ours(session: Session, peer: str, asset: str) -> VillageAgreement:
    row = agreement_of(session, peer, asset)
    if row.issuer == peer:
        raise rules.CurrencyNotOurs
    return row


def _theirs(session: Session, peer: str, asset: str) -> VillageAgreement:
    row = agreement_of(session, peer, asset)
    if row.issuer != peer:
        raise rules.NoSuchAgreement
    return row


def _offered_by_default(session: Session, choices: VillageMoneyRules) -> Sequence[Currency]:
    reaches = [
        reach
        for reach, is_offered in (("network", choices.offers_network), ("local", choices.offers_local))
        if is_offered
    ]
    money = select(Currency).where(OURS, Currency.nature == "money", Currency.archived_at.is_(None))
    return session.scalars(money.where(Currency.reach.in_(reaches)).order_by(Currency.code)).all()


def _wanted(session: Session, peers: Iterable[str] | None) -> Sequence[str]:
    active = pairing_of(session).peers(session)
    return active if peers is None else [peer for peer in peers if peer in active]


def _may_take(session: Session, peer: str, currency: Currency) -> bool:
    return currency.reach != "network" or peer in pairing_of(session).network
