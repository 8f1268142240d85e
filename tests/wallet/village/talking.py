"""A node that hears envelopes, and a peer of it whose every answer a test can choose."""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID

from federation.actors.service import remember_actor
from federation.models.peers import ACTIVE, Peer
from federation.peer_keys import PeerKey, keys_of
from federation.signatures import rfc9421
from federation.signatures.algorithms import ED25519, SigningKey, check
from federation.signatures.message import Message
from kit import clock
from kit.app import App
from kit.features import Feature
from tests.factories.signers import pair
from tests.federation.running import Running, Stranger
from wallet.between.envelope import Evidence, Said, open_envelope, seal
from wallet.federated import door
from wallet.federated.lanes import Lanes, lanes_for
from wallet.federated.ports import VillageEngine
from wallet.federated.voice import now_ms

JSON = "application/json"
BEAT = b'{"t":"beat"}'


@dataclass
class Listener:
    """An engine for tests: keeps what it hears, answers what it is told to."""

    heard: list[Said] = field(default_factory=list)
    answer: Callable[[Said], Sequence[bytes]] = lambda _said: ()
    shown: dict[tuple[str, UUID], Evidence] = field(default_factory=dict)

    async def hear(self, said: Said) -> Sequence[bytes]:
        self.heard.append(said)
        return self.answer(said)

    async def evidence(self, peer: str, item: UUID) -> Evidence | None:
        return self.shown.get((peer, item))

    @property
    def items(self) -> list[bytes]:
        return [item for said in self.heard for item in said.items]


@dataclass
class Talk:
    """A room that only hears and speaks."""

    engine: Listener = field(default_factory=Listener)
    friends: list[str] = field(default_factory=list)
    lanes: Lanes | None = None
    is_deaf: bool = False

    def prepare(self, app: App) -> None:
        if not self.is_deaf:
            app.ports.give(VillageEngine, self.engine)

    async def start(self, app: App) -> None:
        hear, friends = self.engine.hear, lambda: tuple(self.friends)
        self.lanes = lanes_for(app, hear=hear, friends=friends, beat=lambda _peer: BEAT)
        await self.lanes.start()

    async def stop(self, _app: App) -> None:
        if self.lanes is not None:
            await self.lanes.stop()

    @property
    def feature(self) -> Feature:
        hooks: Any = {"prepare": self.prepare, "start": self.start, "stop": self.stop}
        return Feature(name="talk", doors=door.DOORS, **hooks)


@dataclass
class Talker(Stranger):
    """A peer: it speaks envelopes, and answers those it gets as `reply` says (status, body, headers)."""

    bodies: list[bytes] = field(default_factory=list)
    lines: set[int] = field(default_factory=set)
    reply: Callable[[bytes], tuple[int, bytes, dict[str, str]]] = lambda _body: (200, b"", {})

    def letter(self, to: str, *items: bytes, **how: Any) -> bytes:
        """An envelope. `how`: sender, kid, at, key."""
        key: SigningKey = how.get("key") or self.ring.proof_key(self.actor)
        at = how.get("at", now_ms())
        return seal(items, how.get("sender", self.url), to, kid=how.get("kid", key.id), at=at, sign=key.sign)

    def posting(self, to: Running, body: bytes, **how: Any) -> Message:
        """A signed request to the ledger's door. `how`: key, at, kind, path, method."""
        method, path = how.get("method", "POST"), how.get("path", "/federation/ledger")
        kind = (("Content-Type", how.get("kind", JSON)),) if body else ()
        message = Message(method, to.url + path, kind, body)
        key = how.get("key") or self.ring.proof_key(self.actor)
        return message.with_headers(rfc9421.sign(message, key, how.get("at") or clock.now()))

    def says(self, to: Running, *items: bytes, **how: Any) -> tuple[int, bytes]:
        """Post one envelope; the status and the body of the answer."""
        message = self.posting(to, self.letter(to.url, *items))
        status, _, body = to.ask("POST", message.target, message.headers, message.body)
        return status, body

    def opens(self, body: bytes, here: Running) -> Said:
        """An envelope of `here`, checked as a peer would."""
        keys = keys_of(json.loads(here.ask("GET", "/actor", [("Accept", "application/activity+json")])[2]))
        return open_envelope(body, self.url, now_ms(), verifier(keys))


def verifier(keys: dict[str, PeerKey]) -> Callable[[str, bytes, bytes], bool]:
    def verify(kid: str, signed: bytes, sig: bytes) -> bool:
        check(ED25519, keys[kid].material, sig, signed)
        return True

    return verify


@contextmanager
def talker(keys: str = "villager") -> Iterator[Talker]:
    """A peer on this machine that keeps its connections open."""
    here = Talker("", pair(keys))

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            here.asked.append(("GET", self.path))
            found = here.documents.get(self.path)
            self._answer(200 if found else 404, json.dumps(found).encode() if found else b"", {})

        def do_POST(self) -> None:
            here.asked.append(("POST", self.path))
            here.lines.add(self.client_address[1])
            body = self.rfile.read(int(self.headers["content-length"]))
            here.bodies.append(body)
            self._answer(*here.reply(body))

        def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            kind = here.content_type if self.command == "GET" else JSON
            for name, value in {"content-type": kind, "content-length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.daemon_threads, server.block_on_close = True, False
    here.url = f"http://127.0.0.1:{server.server_address[1]}"
    here.documents["/actor"] = here.document()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield here
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def befriend(here: Running, document: dict[str, Any], state: str = ACTIVE) -> None:
    """Make the node of this actor document a peer of `here`."""
    actor = str(document["id"])
    row = Peer(
        actor_uri=actor,
        origin=actor.removesuffix("/actor"),
        state=state,
        gives={},
        since=clock.now(),
        pulled_at=clock.now(),
        pull_etags={},
    )

    def know(session: Any) -> None:
        remember_actor(session, document)
        session.add(row)

    here.app.db.write(know)
