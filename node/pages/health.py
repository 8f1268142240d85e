"""Alive, ready, measured: what an operator's machines ask."""

from ipaddress import ip_address
from secrets import compare_digest

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, PlainTextResponse, Response

from kit.db.migrate import is_current
from kit.errors import Forbidden
from kit.web import Call, flow, protocol, read

FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


@flow
async def alive(call: Call) -> Response:
    """The process answers; nothing else is asked."""
    return PlainTextResponse("ok\n")


@flow
def ready(call: Call) -> Response:
    """Database, migrations and scheduler, each by name; 503 when one is not ready."""
    state = {"database": _database_answers(call), "migrations": False, "scheduler": call.app.is_ticking}
    if state["database"]:
        state["migrations"] = is_current(call.app.db)
    return JSONResponse(state, 200 if all(state.values()) else 503)


@read
def metrics(call: Call, _session: Session) -> Response:
    """Prometheus figures, for this machine or the holder of the token. Raises Forbidden."""
    token = call.app.settings.server.metrics_token
    given = call.request.headers.get("authorization", "").removeprefix("Bearer ")
    holds_token = bool(token) and compare_digest(given.encode(), token.encode())
    is_near = not call.app.settings.server.trusted_proxies and _is_direct(call) and _is_loopback(call.client)
    if not (holds_token or is_near):
        raise Forbidden(cause="metrics from afar")
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _database_answers(call: Call) -> bool:
    try:
        with call.app.db.read() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True


def _is_direct(call: Call) -> bool:
    """A proxy on this machine that nobody declared would make the whole world look near."""
    return not any(name in call.request.headers for name in FORWARDED)


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


DOORS = (
    protocol("GET", "/healthz", "node.alive", alive),
    protocol("GET", "/readyz", "node.ready", ready),
    protocol("GET", "/metrics", "node.metrics", metrics),
)
