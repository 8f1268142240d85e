"""create_app: settings and features become one running node."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

import anyio
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from config.settings import Settings
from kit.app import App
from kit.assets import STATIC
from kit.db import Database
from kit.db.probe import report
from kit.features import Feature, House, fold
from kit.http.client import GuardedClient
from kit.seal import Seal
from kit.templates import Templates
from kit.web.doors import Door
from kit.web.endpoint import Endpoint
from node.control import ControlServer, Handler
from node.errors import error_page, on_crash, on_http_error
from node.middleware import RequestLine, TrustedProxies
from node.routing import FixedAddresses
from node.scheduler import start_scheduler
from node.version import VERSION
from people.flows import identify


class VersionedFiles(StaticFiles):
    """Files of `static/`: kept for ever when their address carries a version."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        kept = (
            "public, max-age=31536000, immutable" if b"v=" in scope["query_string"] else "public, max-age=300"
        )
        response.headers["cache-control"] = kept
        return response


def build(settings: Settings, features: Sequence[Feature], database: Database | None = None) -> App:
    """The node without its web server: what commands, jobs and tests use. Opens the database."""
    house = fold(features)
    settings.data.mkdir(parents=True, exist_ok=True)
    database = database or Database(settings.node.database)
    database.listeners = house.listeners
    return App(
        settings=settings,
        db=database,
        house=house,
        seal=Seal(settings.secret_key),
        templates=Templates(house.menu, {"version": VERSION, "settings": settings}),
        error_page=error_page,
        http=GuardedClient(settings.node.url, allow_loopback=settings.node.allow_loopback, version=VERSION),
        identify=identify,
        version=VERSION,
    )


def create_app(settings: Settings, features: Sequence[Feature], *, app: App | None = None) -> Starlette:
    """The ASGI application of one node."""
    built = app or build(settings, features)
    for feature in built.house.features:
        if feature.prepare:
            feature.prepare(built)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with running(built):
            yield

    asgi = Starlette(
        routes=_routes(built.house),
        lifespan=lifespan,
        middleware=[
            Middleware(TrustedProxies, trusted=settings.server.trusted_proxies),
            Middleware(RequestLine, is_secure=settings.node.url.startswith("https:")),
        ],
        exception_handlers={404: on_http_error, 405: on_http_error, 400: on_http_error, Exception: on_crash},
    )
    asgi.state.app = built
    return asgi


@asynccontextmanager
async def running(app: App) -> AsyncIterator[None]:
    """Threads, scheduler and every feature's background work, stopped in the opposite order."""
    app.threads = anyio.CapacityLimiter(app.settings.server.threads)
    async with AsyncExitStack() as stack:
        stack.callback(app.db.close)
        await stack.enter_async_context(app.http)
        for feature in app.house.features:
            if feature.start:
                await feature.start(app)
            if feature.stop:
                stack.push_async_callback(feature.stop, app)
        stack.callback(ControlServer(app.data, handlers(app)).close)
        scheduler = start_scheduler(app)
        stack.callback(scheduler.shutdown, wait=False)
        app.is_ticking = True
        stack.push_async_callback(asyncio.wait, {asyncio.create_task(asyncio.to_thread(report, app.data))})
        yield


def handlers(app: App) -> dict[str, Handler]:
    """The acts that commands may ask of this running node, through its control socket."""
    return {name: partial(run, app) for name, run in app.house.commands.items()}


def _packed(files: VersionedFiles) -> GZipMiddleware:
    """Scripts, sheets and drawings travel compressed: they hold no secret that a size could give away."""
    return GZipMiddleware(files, minimum_size=1000, compresslevel=6)


def _rank(door: Door) -> tuple[bool, str]:
    return "{" in door.path, door.path


def _routes(house: House) -> list[BaseRoute]:
    """One route per door; fixed addresses come before those with a variable part."""
    doors = sorted(house.doors.values(), key=_rank)
    routes = [Route(door.path, Endpoint(door), methods=[door.method], name=door.name) for door in doors]
    files = Mount("/static", _packed(VersionedFiles(directory=STATIC)), name="static")
    return [FixedAddresses(routes), files, *routes]
