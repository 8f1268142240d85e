"""Whose card is this? Our own cards first, then what homes told us of theirs, then the primary's answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

import msgspec
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from kit import clock
from kit.db import Question
from kit.db.among import among_tuples
from kit.ports import NoPair
from wallet.between.card_keys import CHIP, PRINTED, seal_tap, tap_key
from wallet.between.desk import milliseconds
from wallet.between.messages import LookUp
from wallet.card_refusals import CardAltered, CardAmbiguous, CardMessageMalformed
from wallet.cards.address import is_address
from wallet.cards.reading import Meant, Tap, meant_by
from wallet.cards.sun import sun_text
from wallet.models.card import NTAG424, PassCard
from wallet.models.village_cards import VillageHandle
from wallet.pairing import pairing_of
from wallet.queries.cards import Found, find_card
from wallet.queries.village_handles import handles_of, taps_of
from wallet.queries.village_taps import proofs_for
from wallet.refusals import CardUnknown

ANSWER_LASTS: Final = timedelta(minutes=10)
"""How long an answer of the primary about a card counts."""
_TAPS: Final = UUID("5d7f6b0e-3f0c-5b0a-9d55-0f6a3c1e9c01")
Said = tuple[str, str]
_LISTED: Final = (
    "WITH k(peer, card_key) AS ({keys}) SELECT c.peer, c.card_key, c.rev, c.state, c.handles, c.heard_at "
    "FROM k CROSS JOIN village_card c WHERE c.peer = k.peer AND c.card_key = k.card_key"
)
"""Asked past the toolkit at every tap. CROSS JOIN: SQLite begins with the keys."""
_HERE: Final = Question(
    select(VillageHandle.wallet_id, VillageHandle.home).where(VillageHandle.handle == bindparam("handle"))
)
_handles: Final = msgspec.json.Decoder(dict[str, str]).decode


@dataclass(frozen=True)
class Listed:
    """What a home, or the primary (`rev` 0), said of a card."""

    peer: str
    card_key: str
    rev: int
    state: str
    handles: Mapping[str, str]
    heard_at: datetime


@dataclass(frozen=True)
class Whose:
    """A card, wherever it comes from.

    `home`: the node that answers for it (the primary, for a card that only the primary knows). `card`: ours,
    when it is. `keys`: its key for each issuer, to be sent with a charge. `handles`: its holder at each
    issuer, by origin. `wallet_here`: the wallet that it opens in our own ledger. `sun`: the chip's message,
    for its home; `counter`: what that message proved here; `proofs`: what its home says of it to issuers.
    `must_prove`: a chip of ours that proves its taps, and has not proved this one.
    """

    home: str
    state: str
    card: UUID | None = None
    keys: Mapping[str, str] = field(default_factory=dict)
    handles: Mapping[str, str] = field(default_factory=dict)
    wallet_here: UUID | None = None
    sun: str = ""
    counter: int | None = None
    proofs: Mapping[str, str] = field(default_factory=dict)
    must_prove: bool = False

    def shown_to(self, issuer: str) -> str:
        """What a charge brings of this tap: the chip's message home, to another issuer its home's proof."""
        return self.sun if issuer == self.home else self.proofs.get(issuer, "")


def whose(session: Session, tap: Tap) -> Whose:
    """The card that a tap means, in any state.

    Raises CardUnknown (then `primary_question` may help), CardAmbiguous when two homes claim it, and as
    `find_card` for cards of ours.
    """
    meant = meant_by(tap)
    try:
        return _ours(session, find_card(session, tap, pairing_of(session).keys), meant)
    except CardUnknown as unknown:
        missing = unknown
    except (CardAltered, CardMessageMalformed) as wrong:
        if _is_ours(session, meant):
            raise
        missing = CardUnknown(cause=f"another house's message: {wrong.name}")
    secrets = pairing_of(session).shared(session)
    listed = _listed(session, secrets, said_by(meant))
    if listed is None:
        raise missing
    return _theirs(session, secrets, listed, meant)


def primary_question(session: Session, tap: Tap) -> tuple[str, LookUp] | None:
    """What to ask the network's primary about a tap that nobody here knows; None when it cannot be asked.

    Only the primary can open it. The same tap in the same ten minutes is the same question. Words that a
    hand typed, and that may be a name, stay here: only chips, addresses of cards and fields for them go.
    """
    pairing, said = pairing_of(session), said_by(meant_by(tap))
    if tap.text and not is_address(tap.text):
        said = [one for one in said if one[0] == CHIP]
    if not pairing.primary or pairing.is_primary or not said:
        return None
    try:
        sealed = seal_tap(pairing.secret(session, pairing.primary), said)
    except NoPair:
        return None
    lasts = int(ANSWER_LASTS.total_seconds() * 1000)
    made = milliseconds(clock.now()) // lasts * lasts
    return pairing.primary, LookUp(id=uuid5(_TAPS, f"{sealed} {made}"), made=made, card=sealed)


def said_by(meant: Meant) -> list[Said]:
    """Everything that a tap may mean, as keys are made of it."""
    printed = dict.fromkeys((*meant.codes, *meant.numbers))
    return [*((CHIP, uid) for uid in meant.uids), *((PRINTED, text) for text in printed)]


def listed_by(
    session: Session, secrets: Mapping[str, bytes], said: Iterable[Said]
) -> list[tuple[Listed, Said]]:
    """What these peers say of a card, and what it was found by."""
    keys = {(peer, tap_key(secret, *one)): one for one in said for peer, secret in secrets.items()}
    rows = among_tuples(session.connection(), _LISTED, list(keys))
    return [(one, keys[one.peer, one.card_key]) for one in map(_row, dict.fromkeys(map(tuple, rows)))]


def _row(row: Sequence[Any]) -> Listed:
    peer, card_key, rev, state, handles, heard_at = row
    at = datetime.fromisoformat(heard_at) if isinstance(heard_at, str) else heard_at
    return Listed(peer, card_key, rev, state, _handles(handles), at)


def _ours(session: Session, found: Found, meant: Meant) -> Whose:
    pairing, card = pairing_of(session), found.card
    handles = handles_of(session, [card.wallet_id])[card.wallet_id]
    return Whose(
        home=pairing.own,
        state=card.state,
        card=card.id,
        keys=_keys(session, [peer for peer in handles if peer != pairing.own], taps_of(card)[0]),
        handles=handles,
        wallet_here=card.wallet_id,
        sun=_sun(meant),
        counter=found.counter,
        proofs=_proofs(session, found, handles),
        must_prove=card.chip == NTAG424 and found.counter is None,
    )


def _theirs(
    session: Session, secrets: Mapping[str, bytes], listed: tuple[Listed, Said], meant: Meant
) -> Whose:
    row, said = listed
    own = pairing_of(session).own
    known = row.handles.get(own, "")
    here = _HERE.row(session, handle=known) if known else None
    return Whose(
        home=row.peer,
        state=row.state,
        keys={peer: tap_key(secrets[peer], *said) for peer in {*row.handles, row.peer} if peer in secrets},
        handles=row.handles,
        wallet_here=here[0] if here is not None and here[1] == row.peer else None,
        sun=_sun(meant),
    )


def _listed(
    session: Session, secrets: Mapping[str, bytes], said: Sequence[Said]
) -> tuple[Listed, Said] | None:
    """What village peers say of it, else what the primary answered lately. Raises CardAmbiguous."""
    rows = listed_by(session, secrets, said)
    told = [found for found in rows if found[0].rev > 0]
    if len(homes := {(row.peer, row.rev) for row, _by in told}) > 1:
        raise CardAmbiguous(cause=", ".join(sorted(peer for peer, _rev in homes)))
    since = clock.now() - ANSWER_LASTS
    answers = [found for found in rows if found[0].rev == 0 and found[0].heard_at > since]
    return next(iter(told or answers), None)


def _is_ours(session: Session, meant: Meant) -> bool:
    mine = select(PassCard.id).where(PassCard.uid.in_(meant.uids) | PassCard.code.in_(meant.codes))
    return session.scalar(mine.limit(1)) is not None


def _keys(session: Session, peers: Sequence[str], said: Said) -> dict[str, str]:
    return {
        peer: tap_key(secret, *said) for peer, secret in pairing_of(session).secrets(session, peers).items()
    }


def _proofs(session: Session, found: Found, handles: Mapping[str, str]) -> dict[str, str]:
    if found.counter is None:
        return {}
    return proofs_for(session, found.card, found.counter, pairing_of(session).own, handles)


def _sun(meant: Meant) -> str:
    return sun_text(meant.picc_data, meant.cmac) if meant.picc_data and meant.cmac else ""
