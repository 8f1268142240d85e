"""Under which names nodes know our wallets and cards, and which wallets of others are known here."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, false, func, select
from sqlalchemy.orm import Session

from wallet.between.card_keys import CHIP, PRINTED, handle_for, tap_key
from wallet.models.card import ACTIVE, NTAG424, PassCard
from wallet.models.village_cards import VillageBinding, VillageHandle, VillageListed, VillageProving
from wallet.pairing import pairing_of
from wallet.queries.village_taking import issuers

Known = tuple[VillageHandle, bool]
"""A handle, and whether its home says that every card of the member proves its taps."""


_BINDINGS: Final = select(VillageBinding.wallet_id, VillageBinding.peer, VillageBinding.handle).where(
    VillageBinding.wallet_id.in_(bindparam("wallets", expanding=True))
)
"""Put together once: that costs more than asking it, at every tap."""


def handles_of(
    session: Session, wallet_ids: Sequence[UUID], at: Sequence[str] | None = None
) -> dict[UUID, dict[str, str]]:
    """For each of our wallets, its handle at ourselves and at each issuer (`at`: all that we deal with).

    A handle that was told once stays, whatever becomes of the secret it was made with.
    """
    pairing = pairing_of(session)
    wanted = [pairing.own, *(issuers(session) if at is None else at)]
    secrets = pairing.secrets(session, wanted)
    found = {one: {peer: handle_for(secret, one) for peer, secret in secrets.items()} for one in wallet_ids}
    session.flush()  # asked past the session, which knows what is not written yet
    for wallet, peer, handle in session.connection().execute(_BINDINGS, {"wallets": list(wallet_ids)}):
        if peer in wanted:
            found[wallet][peer] = handle
    return found


def shown_handles(session: Session, card: PassCard, handles: Mapping[str, str]) -> dict[str, str]:
    """Those that are said of a card without a proven tap: of a chip that proves its taps, ours alone.

    We check its taps in our own charge; no other issuer can, so its handles there are told tap by tap.
    """
    own = pairing_of(session).own
    return {peer: name for peer, name in handles.items() if card.chip != NTAG424 or peer == own}


def proving_wallets(session: Session, wallet_ids: Sequence[UUID]) -> set[UUID]:
    """Those of our wallets whose every card in use proves its taps: nothing else pays from them elsewhere."""
    cards = select(PassCard.wallet_id, PassCard.chip).where(
        PassCard.wallet_id.in_(wallet_ids), PassCard.state == ACTIVE
    )
    chips: dict[UUID, set[str]] = {}
    for wallet_id, chip in session.execute(cards):
        chips.setdefault(wallet_id, set()).add(chip)
    return {wallet_id for wallet_id, kinds in chips.items() if kinds == {NTAG424}}


def taps_of(card: PassCard) -> list[tuple[str, str]]:
    """What a reader, a camera or a hand can say of a card of ours."""
    printed = [(PRINTED, card.code), (PRINTED, card.number)]
    return [(CHIP, card.uid), *printed] if card.uid else printed


def keys_of(secret: bytes, said: Iterable[tuple[str, str]]) -> list[str]:
    """Their keys between the two nodes of `secret`."""
    return [tap_key(secret, kind, text) for kind, text in said]


def our_card(session: Session, peer: str, card_key: str) -> PassCard | None:
    """The card of ours that `peer` was told about under this key."""
    listed = session.get(VillageListed, (peer, card_key))
    return session.get(PassCard, listed.card_id) if listed is not None else None


def known_handle(session: Session, handle: str) -> VillageHandle | None:
    """The wallet that is known here under `handle`."""
    return session.get(VillageHandle, handle)


def our_cards(session: Session, peer: str, card_keys: Sequence[str]) -> dict[str, PassCard]:
    """The cards of ours that `peer` was told about under these keys."""
    told = (
        select(VillageListed.card_key, PassCard)
        .join(PassCard, PassCard.id == VillageListed.card_id)
        .where(VillageListed.peer == peer, VillageListed.card_key.in_(sorted(set(card_keys))))
    )
    return {key: card for key, card in session.execute(told)}  # noqa: C416 - rows, not pairs


def known_handles(session: Session, handles: Sequence[str]) -> dict[str, Known]:
    """The wallets that are known here under these handles."""
    proves = func.coalesce(VillageProving.proves, false())
    wanted = select(VillageHandle, proves).outerjoin(
        VillageProving, VillageProving.handle == VillageHandle.handle
    )
    rows = session.execute(wanted.where(VillageHandle.handle.in_(sorted(set(handles)))))
    return {row.handle: (row, bool(must_prove)) for row, must_prove in rows}
