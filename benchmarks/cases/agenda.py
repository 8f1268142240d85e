"""The merged agenda with up to 10 000 events of 50 nodes, beside the same template with data in memory."""

import asyncio
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from httpx2 import ASGITransport, AsyncClient
from sqlalchemy.orm import Session

from agenda.models.origin import Origin
from agenda.schemas import OriginValues, PlaceValues, ReceivedEvent, ReceivedTag
from agenda.service.origins import know_origin
from agenda.service.received import receive_event
from benchmarks.asgi import ask_for
from benchmarks.bench import Bench, Timing
from benchmarks.reference.bare_page import bytes_app, page_app
from config.collective import Collective
from config.logging import set_up_logging
from config.settings import LogSettings, NodeSettings, Settings
from kit import clock
from kit.app import App
from kit.choices import save_choice
from kit.db import Base, Database
from kit.i18n import speaking
from migrations.models import load_models
from node.app import build, create_app
from node.features import FEATURES

NODES, CLIENTS, CHUNK, HOURS = 50, 8, 250, 24 * 120
LEAST = 0.5
HOME = "http://127.0.0.1:8999"
TAGS = ("Danser", "Manger", "Fabriquer", "Lire", "Jouer")


class Kept:
    """The last page that the node rendered: its template and everything it was given."""

    def __init__(self, app: App) -> None:
        self._render = app.templates.render
        self.again: Any = None
        app.templates.render = self._keep  # type: ignore[method-assign]

    def _keep(self, template: str, call: Any, context: Any) -> str:
        self.again = partial(self._render, template, call, context)
        return self._render(template, call, context)

    def render(self) -> str:
        """The same page from memory, in the language it was asked in."""
        with speaking("fr"):
            return str(self.again())


def run(bench: Bench) -> None:
    """Each size from an empty database; the figure that counts is the page with 10 000 events."""
    sizes = bench.among((100,), (100, 1000, 10_000), (100, 1000, 10_000))
    for size in sizes:
        bench.say(f"writing {size} events")
        app = _node(bench.folder / str(size))
        _fill(app, size)
        asyncio.run(_measure(bench, app, size))
        app.db.close()


async def _measure(bench: Bench, app: App, size: int) -> None:
    kept = Kept(app)
    asgi = create_app(app.settings, FEATURES, app=app)
    seconds = bench.seconds / 2
    made = await ask_for(asgi, "/agenda", CLIENTS, seconds, anew=True)
    ours = await ask_for(asgi, "/agenda", CLIENTS, seconds)
    bare = await ask_for(page_app(kept.render), "/page", CLIENTS, seconds)
    _keep(bench, f"page, {size} events", ours, bare, "same template, data in memory")
    _keep(bench, f"page made anew, {size} events", made, bare, "same template, data in memory")
    json = await ask_for(asgi, "/agenda.json", CLIENTS, seconds)
    held = msgspec.json.decode(await _body(asgi, "/agenda.json"))
    encoded = bytes_app(lambda: msgspec.json.encode(held), "application/json")
    bare_json = await ask_for(encoded, "/page", CLIENTS, seconds)
    bench.compare(f"JSON, {size} events", json, bare_json, to="same JSON, data in memory", clients=CLIENTS)
    ratio = ours.per_second / bare.per_second
    bench.promise(f"the page is at least {LEAST} of its reference", ratio >= LEAST)


def _keep(bench: Bench, case: str, ours: Timing, bare: Timing, to: str) -> None:
    bench.compare(case, ours, bare, to=to, database="sqlite", clients=CLIENTS)


async def _body(asgi: Any, path: str) -> bytes:

    async with AsyncClient(transport=ASGITransport(asgi), base_url=HOME) as client:
        return (await client.get(path)).content


def _node(folder: Path) -> App:
    load_models()
    folder.mkdir()
    place = NodeSettings(url=HOME, data=str(folder), database=f"sqlite:///{folder}/node.db")
    settings = Settings(node=place, log=LogSettings(level="warning"), secret_key="only for a measurement" * 2)
    set_up_logging(settings.log)
    database = Database(settings.node.database, durable=False)
    database.define(Base.metadata.create_all)
    database.write(lambda session: save_choice(session, Collective(name="Le Café", set_up=True)))
    return build(settings, FEATURES, database)


def _fill(app: App, size: int) -> None:
    app.db.listeners = {}
    for first in range(0, size, CHUNK):
        app.db.write(partial(_write, numbers=range(first, min(first + CHUNK, size))))
    app.db.listeners = app.house.listeners


def _write(session: Session, *, numbers: range) -> None:
    origins = [_origin(session, number) for number in range(NODES)]
    for number in numbers:
        receive_event(session, origins[number % NODES], _event(number))


def _origin(session: Session, number: int) -> Origin:
    uri = f"https://n{number}.example/actor"
    return know_origin(session, OriginValues(uri=uri, name=f"Collectif {number}", pennant=number % 6))


def _event(number: int) -> ReceivedEvent:
    start = clock.now().replace(microsecond=0) + timedelta(hours=1 + number * 7 % HOURS)
    return ReceivedEvent(
        uri=f"https://n{number % NODES}.example/events/{number}",
        name=f"Évènement numéro {number}",
        start=start,
        end=start + timedelta(hours=2),
        timezone="Europe/Paris",
        updated=clock.now(),
        status="published",
        place=PlaceValues(name=f"Lieu {number % 80}", city="Sault-l’Ouvette"),
        tags=[ReceivedTag(TAGS[number % len(TAGS)])],
        price="5,00 €",
    )
