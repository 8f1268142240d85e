"""This node's voice among its peers: what it says is sealed and signed, what it hears is opened and known."""

from collections.abc import Mapping, Sequence

from federation.blocks import Blocked
from federation.exchange import Exchange, exchange_of
from federation.keys import ED25519_FRAGMENT
from federation.refusals import BadSignature, OtherActor, UnknownKey, Unsigned
from federation.signatures import rfc9421
from federation.signatures.message import Message
from federation.signatures.verify import MONEY, Claim, check_clock, read_claim, verify
from federation.urls import origin
from kit import clock
from kit.app import App
from kit.errors import Refusal
from kit.ports import PortMissing
from wallet.between import envelope
from wallet.between.envelope import Said
from wallet.between.strict import NotHeard
from wallet.federated.peers import PeerBook, PeerNode
from wallet.federated.refusals import NotAPeer, refusal_of

JSON = "application/json"


class Voice:
    """Seals, signs, recognises, opens; keeps nothing but what `PeerBook` keeps for a moment."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self.book = PeerBook(exchange.database)

    @property
    def me(self) -> str:
        """The origin that is this node's name."""
        return self._exchange.identity.url

    def seal(self, items: Sequence[bytes], to: str) -> bytes:
        """An envelope for the peer at the origin `to`. Raises TooLarge or TooMany."""
        identity = self._exchange.identity
        key = identity.keys.proof_key(identity.actor)
        return envelope.seal(items, identity.url, to, kid=key.id, at=now_ms(), sign=key.sign)

    def signed(self, method: str, url: str, body: bytes = b"") -> Mapping[str, str]:
        """The headers of one request, with its HTTP signature.

        By the Ed25519 key: every peer pinned it beside the RSA key, and it signs in a tenth of the time.
        """
        identity = self._exchange.identity
        kind = (("Content-Type", JSON),) if body else ()
        key = identity.keys.proof_key(identity.actor)
        return dict((*kind, *rfc9421.sign(Message(method, url, kind, body), key, clock.now())))

    async def recognise(self, message: Message) -> PeerNode:
        """The peer that signed this request, with an RFC 9421 signature by a key of its own actor.

        Raises children of SignatureRefused, among them Unsigned; Blocked; NotAPeer. Nothing is fetched for
        the sake of a stranger, and nothing is stored.
        """
        if "signature-input" not in message.fields:
            raise Unsigned
        claim = read_claim(message)
        check_clock(claim, MONEY, clock.now())
        peer = _admitted(await self.book.at(origin(claim.key_id)))
        try:
            _check(claim, peer)
        except (BadSignature, UnknownKey):
            peer = _admitted(await self._learn(peer))
            _check(claim, peer)
        return peer

    async def open(self, body: bytes, peer: PeerNode) -> Said:
        """What `peer` says in `body`. Raises NotHeard; OtherActor when another node wrote it."""
        try:
            said = self._open(body, peer)
        except (envelope.BadSignature, envelope.UnknownKey):
            said = self._open(body, await self._learn(peer))
        if said.peer != peer.origin:
            raise OtherActor(cause=f"{peer.origin} brought what {said.peer} wrote")
        return said

    def _open(self, body: bytes, peer: PeerNode) -> Said:
        return envelope.open_envelope(body, self.me, now_ms(), peer.verify)

    async def _learn(self, peer: PeerNode) -> PeerNode:
        """The peer after its keys were read again at its own address, at most once in five minutes."""
        try:
            await self._exchange.discovery.learn_key(f"{peer.actor}{ED25519_FRAGMENT}")
        except Blocked:
            raise
        except Refusal:
            return peer
        self.book.forget(peer.origin)
        return await self.book.at(peer.origin)


def voice_of(app: App) -> Voice:
    """The one voice of a running node."""
    try:
        return app.ports.take(Voice)
    except PortMissing:
        app.ports.give(Voice, Voice(exchange_of(app)))
        return app.ports.take(Voice)


def now_ms() -> int:
    """The present in milliseconds since 1970."""
    return int(clock.now().timestamp() * 1000)


def said_no(trouble: NotHeard | Refusal) -> Refusal:
    """Any "no" of `Voice.open`, ready for HTTP."""
    return refusal_of(trouble) if isinstance(trouble, NotHeard) else trouble


def _admitted(peer: PeerNode) -> PeerNode:
    if peer.is_blocked:
        raise Blocked
    if not peer.is_peer:
        raise NotAPeer(cause=f"{peer.origin or 'nobody'} is no peer")
    return peer


def _check(claim: Claim, peer: PeerNode) -> None:
    key = peer.keys.get(claim.key_id)
    if key is None:
        raise UnknownKey(cause=f"{peer.actor} has no such key: {claim.key_id!r}")
    verify(claim, key, window=MONEY, now=clock.now())
