"""Verified activities per second at the door of the inbox, beside bare verifications with durable rows."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.bench import Bench, Timing
from benchmarks.reference.bare_inbox import Signed, check_and_keep
from config.collective import Collective
from config.logging import set_up_logging
from config.settings import LogSettings, NodeSettings, Settings
from federation.actors.service import remember_actor
from federation.documents.actor import actor_document
from federation.exchange import exchange_of
from federation.feature import FEDERATION
from federation.identity import Identity
from federation.keys import KeyRing, new_pair
from federation.models.inbox import InboxMessage
from federation.models.peers import ACTIVE, Peer
from federation.proofs import prove
from federation.signatures import rfc9421
from federation.signatures.message import Message
from kit import clock
from kit.app import App
from kit.db import Base, Database
from kit.features import Feature
from migrations.models import load_models
from node.app import build, create_app, running

HOME = "http://127.0.0.1:8999"
CLIENTS = 224
SLICE = 2048
PEERS = 8
WARM = 1024
"""Messages that do not count: a node that has just started is still measuring its disk."""
LEAST = 0.5
TO = "bare checks and rows"


@dataclass(frozen=True)
class Letter:
    """One signed message, ready for both."""

    message: Message
    bare: Signed


def run(bench: Bench) -> None:
    """The door alone, then with the handler behind it. Slices of ours and of the reference take turns, so
    that whatever else the machine does weighs on both."""
    count = bench.among(256, 8192, 40960)
    rings = [KeyRing(new_pair(clock.now())) for _ in range(PEERS)]
    for case, with_workers in (("stored", False), ("stored and handed over", True)):
        bench.say(f"signing {count} messages")
        letters = [_letter(number % PEERS, rings[number % PEERS], number) for number in range(count + WARM)]
        folder = bench.folder / f"node-{with_workers}"
        ours, reference, stored = asyncio.run(_measure(folder, rings, letters, with_workers))
        bench.compare(case, ours, reference, to=TO, database="sqlite", clients=CLIENTS)
        bench.check("every message was stored once", stored == count + WARM)
        if not with_workers:
            ratio = ours.per_second / reference.per_second
            bench.promise(f"at least {LEAST} of the reference", ratio >= LEAST)


async def _measure(
    folder: Path, rings: Sequence[KeyRing], letters: Sequence[Letter], with_workers: bool
) -> tuple[Timing, Timing, int]:
    app = _node(folder, rings)
    asgi = create_app(app.settings, app.house.features, app=app)
    ours, bare = [], []
    async with running(app):
        if not with_workers:
            await exchange_of(app).stop()
        _bare(letters[:WARM], folder / "warm.db")
        await _pour(asgi, letters[:WARM])
        for start in range(WARM, len(letters), SLICE):
            part = letters[start : start + SLICE]
            bare.append(_bare(part, folder / "bare.db"))
            ours.append(await _pour(asgi, part))
        return _joined(ours), _joined(bare), await app.db.aread(_count)


def _joined(parts: Sequence[Timing]) -> Timing:
    return Timing([one for part in parts for one in part.each], sum(part.whole for part in parts))


def _count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(InboxMessage)) or 0


def _bare(letters: Sequence[Letter], file: Path) -> Timing:
    started = time.perf_counter()
    check_and_keep([letter.bare for letter in letters], file)
    whole = time.perf_counter() - started
    return Timing([whole / len(letters)] * len(letters), whole)


async def _pour(asgi: Any, letters: Sequence[Letter]) -> Timing:
    """So many clients at once, each waiting for its answer before the next message."""
    waiting = iter([_scope(letter.message, number % PEERS) for number, letter in enumerate(letters)])
    each: list[float] = []

    async def client() -> None:
        for scope, body in waiting:
            before = time.perf_counter()
            if await _post(asgi, scope, body) != 202:
                raise RuntimeError("a message was refused")
            each.append(time.perf_counter() - before)

    started = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    return Timing(each, time.perf_counter() - started)


async def _post(asgi: Any, scope: dict[str, Any], body: bytes) -> int:
    status = 0

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(event: Any) -> None:
        nonlocal status
        status = event.get("status", status)

    await asgi(scope, receive, send)
    return status


def _scope(message: Message, machine: int) -> tuple[dict[str, Any], bytes]:
    headers = [(name.lower().encode(), value.encode()) for name, value in message.headers]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/inbox",
        "raw_path": b"/inbox",
        "root_path": "",
        "query_string": b"",
        "headers": headers,
        "client": (f"127.0.0.{machine + 1}", 1),  # each peer its own machine, as in life
        "server": ("127.0.0.1", 8999),
    }
    return scope, message.body


def _node(folder: Path, rings: Sequence[KeyRing]) -> App:
    load_models()
    folder.mkdir()
    place = NodeSettings(url=HOME, data=str(folder), database=f"sqlite:///{folder}/node.db")
    settings = Settings(node=place, log=LogSettings(level="warning"), secret_key="only for a measurement" * 2)
    set_up_logging(settings.log)
    database = Database(settings.node.database)
    database.define(Base.metadata.create_all)
    listener = Feature(name="listener", activities={("Create", "Event"): lambda _session, _received: None})
    app = build(settings, (FEDERATION, listener), database)
    for number, ring in enumerate(rings):
        app.db.write(partial(_befriend, number=number, ring=ring))
    return app


def _befriend(session: Session, number: int, ring: KeyRing) -> None:
    identity = Identity(_peer(number), ring)
    remember_actor(session, actor_document(identity.card(Collective())))
    session.add(
        Peer(
            actor_uri=identity.actor,
            origin=identity.url,
            state=ACTIVE,
            gives={},
            since=clock.now(),
            pulled_at=clock.now(),
            pull_etags={},
        )
    )


def _peer(number: int) -> str:
    return f"https://peer{number}.example"


def _letter(peer: int, ring: KeyRing, number: int) -> Letter:
    actor, now = f"{_peer(peer)}/actor", clock.now()
    body = msgspec.json.encode(prove(_event(actor, number), ring.proof_key(actor), now))
    message = Message("POST", f"{HOME}/inbox", (("Content-Type", "application/activity+json"),), body)
    message = message.with_headers(rfc9421.sign(message, ring.http_key(actor), now))
    inputs, signature = rfc9421.read(message)
    bare = Signed(
        body=body,
        digest=message.only("content-digest"),
        base=rfc9421.base(message, inputs),
        signature=signature,
        rsa=ring.current.rsa.public_key(),
        ed25519=ring.current.ed25519.public_key(),
    )
    return Letter(message, bare)


def _event(actor: str, number: int) -> dict[str, Any]:
    """About as long as a real one."""
    home = actor.removesuffix("/actor")
    return {
        "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/data-integrity/v2"],
        "id": f"{home}/activities/{number}",
        "type": "Create",
        "actor": actor,
        "published": "2026-11-21T12:00:00Z",
        "to": ["https://www.w3.org/ns/activitystreams#Public"],
        "cc": [f"{home}/followers"],
        "object": {
            "id": f"{home}/events/{number}",
            "type": "Event",
            "attributedTo": actor,
            "name": "Bal du samedi soir",
            "summary": "samedi 28 novembre 2026, 20 h 30, La Grange aux Loriots",
            "content": "<p>Un bal avec un orchestre de six musiciens. Entrée libre, buvette.</p>" * 8,
            "startTime": "2026-11-28T20:30:00+01:00",
            "endTime": "2026-11-28T23:30:00+01:00",
            "timezone": "Europe/Paris",
            "location": {
                "type": "Place",
                "name": "La Grange aux Loriots",
                "latitude": 45.7578,
                "longitude": 4.832,
                "address": {
                    "type": "PostalAddress",
                    "streetAddress": "3 chemin du Bois",
                    "postalCode": "69001",
                },
            },
            "attachment": [{"type": "Image", "mediaType": "image/webp", "url": f"{home}/files/a.webp"}],
            "tag": [{"type": "Hashtag", "name": f"#{name}"} for name in ("bal", "musique", "danse")],
        },
    }
