"""Signed deliveries per second to 200 hosts, 20 of them dead and 10 slow, beside bare signed posts."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
from sqlalchemy.orm import Session

from benchmarks.bench import Bench, Timing
from benchmarks.processes import ROOT, free_port
from benchmarks.reference.bare_delivery import deliver
from config.logging import set_up_logging
from config.settings import LogSettings, NodeSettings, Settings
from federation.delivery.due import Unsealed
from federation.delivery.sealing import seal
from federation.exchange import exchange_of
from federation.feature import FEDERATION
from federation.keys import open_keys
from federation.models.follows import Follower
from federation.outbox import send
from kit import clock
from kit.app import App
from kit.db import Base, Database
from kit.ids import new_id
from migrations.models import load_models
from node.app import build, create_app, running

HOME = "http://127.0.0.1:8998"
LIVE, SLOW, SILENT, REFUSING = 170, 10, 10, 10
SECRET = "only for a measurement" * 2
LEAST = 0.4
TO = "bare signed posts"


@dataclass(frozen=True)
class Hosts:
    """Where the hosts are."""

    live: list[str]
    slow: list[str]
    dead: list[str]
    teller: int

    def posts(self) -> dict[int, tuple[int, float]]:
        """How many posts each live host took, and when the last one came."""
        told = httpx2.get(f"http://127.0.0.1:{self.teller}/").json()
        return {int(port): (int(count), at) for port, (count, at) in told.items()}


def run(bench: Bench) -> None:
    """All hosts for us, the live ones alone for the reference; only what live hosts took is counted."""
    rounds = bench.among(2, 40, 200)
    with hosts() as places:
        ours, ends = asyncio.run(_ours(bench.folder / "node", places, rounds))
    with hosts() as places:
        reference = asyncio.run(_bare(bench.folder / "bare.db", places, rounds))
    bench.compare("to live hosts", ours, reference, to=TO, database="sqlite", clients=LIVE)
    bench.check("every live host took everything once", all(count == rounds for count, _ in ends))
    last, middle = max(at for _, at in ends), sorted(at for _, at in ends)[len(ends) // 2]
    bench.check("no live host waits for a dead one", last <= 2 * middle + 1.0)
    ratio = ours.per_second / reference.per_second
    bench.promise(f"at least {LEAST} of the reference", ratio >= LEAST)


@contextmanager
def hosts() -> Iterator[Hosts]:
    """A process with every host; refusing ones are ports that nobody listens on."""
    command = [sys.executable, "-m", "benchmarks.reference.hosts", str(LIVE), str(SLOW), str(SILENT)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        places = json.loads(process.stdout.readline() if process.stdout else "{}")
        refusing = [free_port() for _ in range(REFUSING)]
        yield Hosts(
            live=_inboxes(places["live"]),
            slow=_inboxes(places["slow"]),
            dead=_inboxes(places["silent"] + refusing),
            teller=places["teller"][0],
        )
    finally:
        process.terminate()
        process.wait()


async def _ours(folder: Path, places: Hosts, rounds: int) -> tuple[Timing, list[tuple[int, float]]]:
    """How long until the last live host had everything; for each, how many posts and when the last came."""
    app = _node(folder, [*places.live, *places.slow, *places.dead])
    create_app(app.settings, app.house.features, app=app)
    for number in range(rounds):
        app.db.write(partial(_publish, number=number))
    started = time.monotonic()
    async with running(app):
        ports = {int(url.split(":")[2].split("/")[0]) for url in places.live}
        while True:
            await asyncio.sleep(0.25)
            posts = await asyncio.to_thread(places.posts)
            ends = [posts.get(port, (0, started)) for port in ports]
            if all(count >= rounds for count, _ in ends):
                break
        await exchange_of(app).stop()
    whole = max(at for _, at in ends) - started
    count = rounds * len(places.live)
    return Timing([whole / count] * count, whole), [(count, at - started) for count, at in ends]


async def _bare(file: Path, places: Hosts, rounds: int) -> Timing:
    ring = open_keys(file.parent / "node", SECRET, clock.now())
    actor = f"{HOME}/actor"
    bodies = [
        seal(Unsealed(new_id(), _event(number), None, clock.now()), ring.proof_key(actor))
        for number in range(rounds)
    ]
    started = time.monotonic()
    await deliver(places.live, bodies, ring.current.rsa, file)
    whole = time.monotonic() - started
    count = rounds * len(places.live)
    return Timing([whole / count] * count, whole)


def _node(folder: Path, inboxes: Sequence[str]) -> App:
    load_models()
    folder.mkdir()
    place = NodeSettings(
        url=HOME, data=str(folder), database=f"sqlite:///{folder}/node.db", allow_loopback=True
    )
    settings = Settings(node=place, log=LogSettings(level="error"), secret_key=SECRET)
    set_up_logging(settings.log)
    database = Database(settings.node.database)
    database.define(Base.metadata.create_all)
    app = build(settings, (FEDERATION,), database)
    app.db.write(partial(_add_followers, inboxes=inboxes))
    return app


def _add_followers(session: Session, inboxes: Sequence[str]) -> None:
    now = clock.now()
    for inbox in inboxes:
        actor = inbox.replace("/inbox", "/actor")
        session.add(Follower(actor_uri=actor, follow_id=f"{inbox}/1", inbox=inbox, since=now))


def _publish(session: Session, number: int) -> None:
    send(session, _event(number), object_id=f"{HOME}/events/{number}")


def _inboxes(ports: Sequence[int]) -> list[str]:
    return [f"http://127.0.0.1:{port}/inbox" for port in ports]


def _event(number: int) -> dict[str, Any]:
    return {
        "type": "Create",
        "actor": f"{HOME}/actor",
        "to": ["https://www.w3.org/ns/activitystreams#Public"],
        "object": {
            "id": f"{HOME}/events/{number}",
            "type": "Event",
            "attributedTo": f"{HOME}/actor",
            "name": "Bal du samedi soir",
            "content": "<p>Un bal avec un orchestre de six musiciens. Entrée libre, buvette.</p>" * 8,
            "startTime": "2026-11-28T20:30:00+01:00",
            "endTime": "2026-11-28T23:30:00+01:00",
        },
    }
