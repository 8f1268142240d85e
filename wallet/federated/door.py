"""POST /federation/ledger: one sealed envelope of a peer, heard by the engine, answered in the same exchange.

Cheap refusals first; a stranger costs a signature and a look-up in memory, a flood never reaches the writer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import structlog
from starlette.responses import Response

from federation.blocks import Blocked
from federation.inbox.flood import Flood, Rate
from federation.refusals import OtherActor, SignatureRefused
from federation.signatures.asked import message_of
from federation.signatures.message import Message
from kit.app import App
from kit.errors import Busy, NotFound, Refusal, TooLarge, TooManyRequests, UnsupportedMedia
from kit.http.answer import media_type
from kit.ports import PortMissing
from kit.web import Call, flow, protocol
from wallet.between.envelope import Said
from wallet.between.packing import MOST_BYTES, fits, in_groups
from wallet.between.strict import NotHeard
from wallet.federated.lanes import Lanes
from wallet.federated.peers import PATH, PeerNode
from wallet.federated.ports import engine_of
from wallet.federated.quota import Quota
from wallet.federated.refusals import (
    Malformed,
    NotAPeer,
    NotForUs,
    OtherHash,
    Stale,
    TooMany,
    UnsupportedVersion,
)
from wallet.federated.voice import JSON, Voice, said_no, voice_of

log = structlog.get_logger("wallet.village")

MACHINE: Final = Rate(per_second=2_000, burst=5_000)
"""Requests from one network address: several nodes may share a machine or a proxy."""

REFUSALS: Final[tuple[type[Refusal], ...]] = (
    SignatureRefused,
    Blocked,
    NotAPeer,
    OtherActor,
    UnsupportedMedia,
    TooLarge,
    TooMany,
    Malformed,
    UnsupportedVersion,
    NotForUs,
    Stale,
    OtherHash,
    TooManyRequests,
    Busy,
)


@dataclass(frozen=True)
class Porter:
    """Lets peers in, and no more of each than its quota."""

    voice: Voice
    flood: Flood = field(default_factory=Flood)
    quota: Quota = field(default_factory=Quota)

    async def recognise(self, message: Message, machine: str) -> PeerNode:
        """The peer that asks. Raises the refusals of `Voice.recognise`, TooManyRequests, Busy."""
        self.flood.take(f"machine {machine}", MACHINE)
        with self.flood:
            return await self.voice.recognise(message)

    async def open(self, body: bytes, peer: PeerNode) -> Said:
        """What it says. An envelope counts as one item before it is read, so that reading is limited too."""
        self.quota.take(peer.origin, 1)
        try:
            said = await self.voice.open(body, peer)
        except (NotHeard, Refusal) as trouble:
            raise said_no(trouble) from trouble
        self.quota.take(peer.origin, len(said.items))
        return said


@flow
async def ledger(call: Call) -> Response:
    """Hear what a peer says about money; the answer is an envelope too."""
    if media_type(call.request.headers.get("content-type", ""))[0] != JSON:
        raise UnsupportedMedia(cause="an envelope is application/json")
    porter = porter_of(call.app)
    peer = await porter.recognise(message_of(call), call.client)
    said = await porter.open(call.raw_body, peer)
    answers = await engine_of(call.app).hear(said)
    return _json(porter.voice.seal(_first(call.app, peer.origin, answers), peer.origin))


@flow
async def evidence(call: Call) -> Response:
    """The proof of one item, for the peer that it concerns and nobody else."""
    peer = await porter_of(call.app).recognise(message_of(call), call.client)
    found = await engine_of(call.app).evidence(peer.origin, _identity(call.path["id"]))
    if found is None:
        raise NotFound(cause=f"nothing that concerns {peer.origin}")
    return _json(found.to_json())


def porter_of(app: App) -> Porter:
    """The one porter of a running node."""
    try:
        return app.ports.take(Porter)
    except PortMissing:
        app.ports.give(Porter, Porter(voice_of(app)))
        return app.ports.take(Porter)


def _first(app: App, peer: str, answers: Sequence[bytes]) -> Sequence[bytes]:
    """As many answers as one envelope holds; further ones follow in envelopes of our own."""
    for answer in answers:
        if not fits(answer):
            log.error("an answer that no envelope holds", peer=peer, size=len(answer))
    first, *others = list(in_groups(answer for answer in answers if fits(answer))) or [[]]
    lanes = _lanes(app)
    if lanes is not None:
        lanes.heard_from(peer)
        for group in others:
            lanes.tell(peer, group)
    return first


def _lanes(app: App) -> Lanes | None:
    try:
        return app.ports.take(Lanes)
    except PortMissing:
        return None


def _identity(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(cause="no id") from None


def _json(body: bytes) -> Response:
    return Response(body, media_type=JSON, headers={"cache-control": "no-store"})


DOORS = (
    protocol(
        "POST",
        PATH,
        "wallet.village.ledger",
        ledger,
        refusals=REFUSALS,
        max_body=MOST_BYTES,
        summary="Hears one sealed envelope of a peer about money.",
    ),
    protocol(
        "GET",
        "/federation/evidence/{id}",
        "wallet.village.evidence",
        evidence,
        refusals=(SignatureRefused, Blocked, NotAPeer, NotFound, TooManyRequests, Busy),
        summary="The proof of one item, for the peer that it concerns.",
    ),
)
