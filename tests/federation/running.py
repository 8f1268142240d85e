"""A node that runs (real sockets, real HTTP) and the strangers that knock at its doors."""

import http.client
import json
import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from sqlalchemy import text

from config.settings import NodeSettings, ServerSettings, Settings
from federation import proofs
from federation.exchange import exchange_of
from federation.feature import FEDERATION
from federation.keys import KeyPair, KeyRing, save_keys
from federation.received import Received
from federation.signatures import cavage, rfc9421
from federation.signatures.message import Message
from kit import clock
from kit.app import App
from kit.db import Database
from kit.errors import Invalid
from kit.features import Feature
from kit.http.client import GuardedClient
from kit.ids import new_id
from node.app import build, create_app
from tests.factories.signers import pair
from tests.waiting import until

SECRET = "only-for-tests-" * 3
ACTIVITY = "application/activity+json"
Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Guestbook:
    """A room for tests: keeps what it is handed; refuses or fails when the activity asks for it."""

    seen: list[Received] = field(default_factory=list)

    def handle(self, _session: Any, received: Received) -> None:
        wish = received.object.get("summary")
        if wish == "refuse me":
            raise Invalid(cause="as asked")
        if wish == "break":
            raise ZeroDivisionError
        self.seen.append(received)

    @property
    def feature(self) -> Feature:
        kinds = (("Create", "Event"), ("Update", "Event"), ("Delete", "*"), ("Announce", "*"))
        return Feature(name="guestbook", activities=dict.fromkeys(kinds, self.handle))


@dataclass
class Running:
    """One node under way."""

    app: App
    book: Guestbook
    server: uvicorn.Server
    url: str

    @property
    def actor(self) -> str:
        return f"{self.url}/actor"

    def ask(
        self, method: str, path: str, headers: Iterable[tuple[str, str]] = (), body: bytes = b""
    ) -> Answer:
        """Send exactly these headers (twice the same name too) and read the answer."""
        line = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=15)
        line.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        given = list(headers)
        names = {name.lower() for name, _ in given}
        if "host" not in names:
            given.append(("Host", urlsplit(self.url).netloc))
        if body and "content-length" not in names:
            given.append(("Content-Length", str(len(body))))
        for name, value in given:
            line.putheader(name, value)
        line.endheaders(body or None)
        answer = line.getresponse()
        try:
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        finally:
            line.close()

    def send(self, message: Message) -> tuple[int, str]:
        """Post a signed message; the status and the name of the refusal."""
        status, _, body = self.ask("POST", message.target, message.headers, message.body)
        name = json.loads(body).get("type", "") if body else ""
        return status, name.rpartition("/")[2]

    def tables(self, *but: str) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table (but who holds which lease), to compare before and after."""
        with self.app.db.read() as session:
            names = sorted(_names(self.app.db))
            rows = {
                name: sorted(map(tuple, session.execute(text(f'SELECT * FROM "{name}"'))), key=repr)  # noqa: S608
                for name in names
                if name not in (*but, "job_lease")
            }
        return {name: found for name, found in rows.items() if found}

    def settled(self) -> None:
        """Wait until every stored message was handled or put off."""
        wait_for(lambda: not self._waiting())

    def _waiting(self) -> int:
        with self.app.db.read() as session:
            query = "SELECT count(*) FROM inbox_message WHERE state = 'waiting' AND attempts = 0"
            return int(session.execute(text(query)).scalar_one())


@dataclass
class Stranger:
    """An actor at a host of its own (a small HTTP server), with keys; counts who asks for what."""

    url: str
    keys: KeyPair
    asked: list[tuple[str, str]] = field(default_factory=list)
    inbox: list[dict[str, Any]] = field(default_factory=list)
    documents: dict[str, Any] = field(default_factory=dict)
    answers: list[int] = field(default_factory=list)
    content_type: str = ACTIVITY

    @property
    def actor(self) -> str:
        return f"{self.url}/actor"

    @property
    def ring(self) -> KeyRing:
        return KeyRing(self.keys)

    def document(self, **more: Any) -> dict[str, Any]:
        """Its actor document."""
        return {
            "@context": ["https://www.w3.org/ns/activitystreams"],
            "id": self.actor,
            "type": "Application",
            "name": "Elsewhere",
            "preferredUsername": "elsewhere",
            "inbox": f"{self.url}/inbox",
            "outbox": f"{self.url}/outbox",
            "publicKey": {
                "id": f"{self.actor}#main-key",
                "owner": self.actor,
                "publicKeyPem": self.keys.rsa_pem,
            },
            "assertionMethod": [
                {
                    "id": f"{self.actor}#ed25519-key",
                    "type": "Multikey",
                    "controller": self.actor,
                    "publicKeyMultibase": self.keys.ed25519_multibase,
                }
            ],
        } | more

    def activity(self, kind: str = "Create", **more: Any) -> dict[str, Any]:
        """An activity about an event, as a villager would send it."""
        identity = new_id()
        return {
            "@context": ["https://www.w3.org/ns/activitystreams"],
            "id": f"{self.url}/activities/{identity}",
            "type": kind,
            "actor": self.actor,
            "object": {"type": "Event", "id": f"{self.url}/events/{identity}", "name": "Concert"},
        } | more

    def proven(self, activity: dict[str, Any]) -> dict[str, Any]:
        """With a proof."""
        return proofs.prove(activity, self.ring.proof_key(self.actor), clock.now())

    def message(
        self, to: Running, activity: Any, *, style: str = "rfc9421", at: datetime | None = None, **how: Any
    ) -> Message:
        """A signed POST to the inbox of `to`. `how`: key, covered, path, raw (bytes of the body)."""
        body = how.get("raw") or json.dumps(activity).encode()
        url = how.get("url") or to.url + how.get("path", "/inbox")
        message = Message("POST", url, (("Content-Type", how.get("kind", ACTIVITY)),), body)
        sign = rfc9421.sign if style == "rfc9421" else cavage.sign
        key = how.get("key") or self.ring.http_key(self.actor)
        return message.with_headers(sign(message, key, at or clock.now(), how.get("covered")))


@contextmanager
def running(
    database: Database, folder: Any, keys: str = "here", port: int = 0, **settings: Any
) -> Iterator[Running]:
    """Serve a node of federation, a guestbook and `rooms` on a free port."""
    resolver, rooms = settings.pop("resolver", None), settings.pop("rooms", ())
    port = port or free_port()
    url = f"http://127.0.0.1:{port}"
    place = NodeSettings(url=url, data=str(folder), allow_loopback=True)
    chosen = Settings(node=place, server=ServerSettings(port=port), secret_key=SECRET, **settings)
    save_keys(folder, SECRET, KeyRing(pair(keys)))
    book = Guestbook()
    features = (FEDERATION, book.feature, *rooms)
    app = build(chosen, features, database)
    if resolver is not None:
        app.http = GuardedClient(url, allow_loopback=True, resolver=resolver)
    asgi = create_app(chosen, features, app=app)
    server = uvicorn.Server(uvicorn.Config(asgi, port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_for(lambda: server.started)
    try:
        yield Running(app, book, server, url)
    finally:
        server.should_exit = True
        thread.join(10)


@contextmanager
def stranger(keys: str = "stranger", port: int = 0) -> Iterator[Stranger]:
    """A host on this machine with one actor, on a free port unless one is given."""
    here = Stranger("", pair(keys))

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            here.asked.append(("GET", self.path))
            found = here.documents.get(self.path.partition("?")[0])
            if isinstance(found, str):
                self.send_response(302)
                self.send_header("location", found)
                self.send_header("content-length", "0")
                self.end_headers()
                return
            self._answer(
                200 if found is not None else 404, b"" if found is None else json.dumps(found).encode()
            )

        def do_POST(self) -> None:
            here.asked.append(("POST", self.path))
            here.inbox.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self._answer(here.answers.pop(0) if here.answers else 202, b"")

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-type", here.content_type)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Door)
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


def wait_for(happened: Any, seconds: float = 60.0) -> None:
    """Return once `happened()` is true. Fails after `seconds`."""
    until(getattr(happened, "__qualname__", "it"), happened, seconds, every=0.01)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def own_proof(here: Running, activity: dict[str, Any]) -> dict[str, Any]:
    """A proof by the node itself."""
    identity = exchange_of(here.app).identity
    return proofs.prove(activity, identity.keys.proof_key(identity.actor), clock.now())


def _names(database: Database) -> list[str]:
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        if database.is_sqlite
        else "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    )
    with database.read() as session:
        return [str(name) for name in session.scalars(text(query))]
