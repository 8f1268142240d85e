"""From a raw signed POST to one stored row: cheap refusals first, blocks before any fetch."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from federation import proofs
from federation.blocks import Blocked
from federation.discovery.directory import Directory, Signer
from federation.inbox.content import content_hash_of
from federation.inbox.flood import MACHINE, STRANGER, VILLAGER, Flood
from federation.inbox.storing import Arrival, Counter
from federation.json_guard import STRANGER as STRANGER_LIMITS
from federation.json_guard import VILLAGER as VILLAGER_LIMITS
from federation.json_guard import Limits, check_content_type, read_object
from federation.peer_keys import among
from federation.reading import actor_of, target_of, type_of
from federation.refusals import (
    BadSignature,
    MessageTooLarge,
    OtherActor,
    SignatureRefused,
    UnknownKey,
    UnparsableSignature,
)
from federation.signatures.message import Message
from federation.signatures.verify import (
    STRANGERS,
    VILLAGERS,
    Claim,
    Window,
    bind,
    check_clock,
    read_claim,
    verify,
)
from federation.urls import LONGEST, origin, same_origin, web_url
from federation.verified import Proven, Verified
from kit import clock
from kit.i18n import lazy


class ProofMissing(SignatureRefused):
    name = "proof_missing"
    default = lazy("Messages between villagers carry a proof. This one has none.")


class KeyFinder(Protocol):
    """Fetches what a key id names, under the budgets of discovery."""

    async def learn_key(self, key_id: str) -> Signer: ...


@dataclass(frozen=True)
class Acceptance:
    """The door of the inbox, without its HTTP."""

    counter: Counter
    directory: Directory
    finder: KeyFinder
    flood: Flood
    on_message_from: Callable[[str], None] = lambda _origin: None

    async def accept(self, message: Message, machine: str) -> None:
        """Store the activity of `message`, sent by the machine at that address.

        Raises a Refusal, and then nothing is stored. A known activity with the same content, and a farewell
        of somebody unknown, are accepted without a row.
        """
        self.flood.take(f"machine {machine}", MACHINE)
        with self.flood:
            check_content_type(next(iter(message.fields.get("content-type", ())), None))
            claim = read_claim(message)
            if not claim.key_id.isascii() or web_url(claim.key_id) is None:
                raise UnparsableSignature(cause="the key id is no web address")
            signer = await self.directory.signer(claim.key_id)
            self._refuse_early(message, claim, signer, machine)
            await self._store(message, claim, signer)

    def _refuse_early(self, message: Message, claim: Claim, signer: Signer, machine: str) -> None:
        if signer.is_blocked:
            raise Blocked
        rate = VILLAGER if signer.is_villager else STRANGER
        self.flood.take(f"{origin(claim.key_id)} from {machine}", rate)
        if len(message.body) > limits_for(signer).size:
            raise MessageTooLarge(cause=f"{len(message.body)} bytes")
        check_clock(claim, window_for(signer), clock.now())

    async def _store(self, message: Message, claim: Claim, signer: Signer) -> None:
        activity = read_object(message.body, limits_for(signer))
        sender = actor_of(activity)
        if sender is None or not sender.isascii() or not same_origin(sender, claim.key_id):
            raise OtherActor(cause=f"{claim.key_id!r} signed what {activity.get('actor')!r} says")
        if signer.actor is None and _is_farewell(activity, sender):
            return
        verified, proven = await self._prove(claim, signer, activity)
        fresh_until = claim.created + window_for(signer).past
        await self.counter.store(_arrival(activity, message.body, verified, proven, fresh_until))
        self.on_message_from(origin(verified.actor))

    async def _prove(
        self, claim: Claim, signer: Signer, activity: dict[str, Any]
    ) -> tuple[Verified, Proven | None]:
        """Check the signature; a key that fails is fetched again, once per key in five minutes."""
        try:
            return _check(claim, signer, activity)
        except (BadSignature, UnknownKey):
            fresh = await self.finder.learn_key(claim.key_id)
            if fresh.is_blocked:
                raise Blocked from None
            return _check(claim, fresh, activity)


def limits_for(signer: Signer) -> Limits:
    """1 MiB for villagers, 256 KiB for strangers (protocol.md §8, row 15)."""
    return VILLAGER_LIMITS if signer.is_villager else STRANGER_LIMITS


def window_for(signer: Signer) -> Window:
    """How far the sender's clock may be from ours."""
    return VILLAGERS if signer.is_villager else STRANGERS


def _check(claim: Claim, signer: Signer, activity: dict[str, Any]) -> tuple[Verified, Proven | None]:
    if signer.key is None:
        raise UnknownKey(cause=f"{claim.key_id!r} is not listed by its owner")
    now = clock.now()
    verified = verify(claim, signer.key, window=window_for(signer), now=now)
    has_proof = proofs.method_of(activity) is not None
    if signer.is_villager and not has_proof:
        raise ProofMissing
    proven = proofs.verify(activity, among(signer.keys), now=now) if has_proof else None
    return bind(verified, activity, proven), proven


def _arrival(
    activity: dict[str, Any], body: bytes, verified: Verified, proven: Proven | None, fresh_until: datetime
) -> Arrival:
    """`fresh_until`: the moment until which the same signature would still be believed, hence a replay."""
    content_hash = proven.document_hash if proven else content_hash_of(activity)
    return Arrival(
        activity_id=_activity_id(activity, verified.actor, content_hash),
        content_hash=content_hash,
        actor=verified.actor,
        type=type_of(activity)[:100],
        verified=verified.record(),
        body=body,
        expires_at=fresh_until,
    )


def _activity_id(activity: dict[str, Any], actor: str, content_hash: str) -> str:
    """Its id, at its actor's origin; one made of its content where it gives none (ActivityPub §3.1)."""
    given = activity.get("id")
    if given is None:
        return f"{actor}#{content_hash[:32]}"
    if isinstance(given, str) and _is_plainly_beneath(given, origin(actor)):
        return given
    found = web_url(given)
    if found is None or not found.isascii() or not same_origin(found, actor):
        raise OtherActor(cause=f"the id {given!r} is not at the origin of {actor!r}")
    return found


def _is_plainly_beneath(address: str, home: str) -> bool:
    """What `web_url` and `same_origin` would say, without taking apart the usual address."""
    is_plain = address.isascii() and address.isprintable() and " " not in address and "\\" not in address
    return is_plain and address.startswith(f"{home}/") and len(address) <= LONGEST


def _is_farewell(activity: dict[str, Any], sender: str) -> bool:
    """A `Delete` by somebody we know nothing of: there is nothing to forget, and no reason to fetch."""
    return type_of(activity) == "Delete" and target_of(activity) is not None and bool(sender)
