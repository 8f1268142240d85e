"""Under which names nodes know our wallets and cards, and which wallets of others are known here."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from kit.db.among import among, among_tuples
from wallet.between.card_keys import CHIP, PRINTED, handle_for, tap_key
from wallet.models.card import ACTIVE, NTAG424, PassCard
from wallet.models.village_cards import VillageBinding, VillageHandle, VillageListed
from wallet.pairing import pairing_of
from wallet.queries.village_taking import issuers

_OUR_CARDS: Final = (
    "WITH k(peer, card_key) AS ({keys}) SELECT l.card_key, c.id, c.wallet_id, c.uid FROM k "
    "CROSS JOIN village_listed l JOIN pass_card c ON c.id = l.card_id "
    "WHERE l.peer = k.peer AND l.card_key = k.card_key"
)
_KNOWN: Final = (
    "SELECT h.handle, h.wallet_id, h.home, p.proves FROM village_handle h "
    "LEFT JOIN village_proving p ON p.handle = h.handle WHERE h.handle IN {keys}"
)
"""Both are asked past the toolkit, for every envelope with charges."""


class OurCard(NamedTuple):
    """What a charge must know of a card of ours."""

    id: UUID
    wallet_id: UUID
    uid: str | None


class Known(NamedTuple):
    """The wallet behind a handle. `must_prove`: by its home, every card of the member proves its taps."""

    wallet_id: UUID
    home: str
    must_prove: bool


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


def our_cards(session: Session, peer: str, card_keys: Sequence[str]) -> dict[str, OurCard]:
    """The cards of ours that `peer` was told about under these keys."""
    asked = [(peer, key) for key in dict.fromkeys(card_keys) if key]
    rows = among_tuples(session.connection(), _OUR_CARDS, asked)
    return {key: OurCard(_uuid(card), _uuid(wallet), uid) for key, card, wallet, uid in rows}


def known_handles(session: Session, handles: Sequence[str]) -> dict[str, Known]:
    """The wallets that are known here under these handles."""
    rows = among(session.connection(), _KNOWN, list(dict.fromkeys(handles)))
    return {name: Known(_uuid(wallet), home, bool(proves)) for name, wallet, home, proves in rows}


def _uuid(value: Any) -> UUID:
    """SQLite keeps sixteen bytes."""
    return UUID(bytes=value) if isinstance(value, bytes) else value
