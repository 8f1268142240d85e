"""What every answer carries: a request id, security headers, one line in the log, one count."""

import time
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import ip_address
from typing import Any

import structlog
from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kit.ids import new_id

log = structlog.get_logger("http")
REQUESTS = Counter("hameau_requests_total", "Requests answered", ["method", "status"])
SECONDS = Histogram("hameau_request_seconds", "Time to answer", buckets=(0.005, 0.02, 0.1, 0.5, 2, 10))
POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors {ancestors}",
        "report-uri /csp-reports",
    )
)
FRAMABLE = "/agenda/embed"
FRAMED = POLICY.format(ancestors="*").encode()
UNFRAMED = POLICY.format(ancestors="'none'").encode()
SECRET = ("/sign-in/link/", "/sign-in/demo/", "/c/", "/r/")
"""The end of addresses that open something: it never stands in the log."""
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(self), geolocation=(self), microphone=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
SECURE = (b"strict-transport-security", b"max-age=31536000")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class RequestLine:
    """Request id, log line, metrics and security headers, in one pure ASGI pass."""

    def __init__(self, app: ASGIApp, is_secure: bool = False) -> None:
        self.app = app
        self._always = (*HEADERS, SECURE) if is_secure else HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = str(new_id())
        structlog.contextvars.bind_contextvars(request=request_id)
        scope["request_id"] = request_id
        started = time.perf_counter()
        status = 500

        async def dress(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._add_headers(scope, message, request_id)
            await send(message)

        try:
            await self.app(scope, receive, dress)
        finally:
            _tell(scope, status, time.perf_counter() - started)

    def _add_headers(self, scope: Scope, message: Message, request_id: str) -> None:
        """What the door said itself stands."""
        policy = FRAMED if scope["path"] == FRAMABLE else UNFRAMED
        usual = (*self._always, (b"content-security-policy", policy))
        said = {name for name, _ in message["headers"]}
        missing = [header for header in usual if header[0] not in said]
        message["headers"] = [*message["headers"], *missing, (b"x-request-id", request_id.encode())]


def _tell(scope: Scope, status: int, seconds: float) -> None:
    _counter(scope["method"] if scope["method"] in METHODS else "other", status).inc()
    SECONDS.observe(seconds)
    path = scope["path"]
    if not path.startswith("/static/"):
        if path.startswith(SECRET):
            path = next(start for start in SECRET if path.startswith(start)) + "•••"
        log.info("answered", method=scope["method"], path=path, status=status, ms=round(seconds * 1000, 1))
    structlog.contextvars.clear_contextvars()


@lru_cache(maxsize=512)
def _counter(method: str, status: int) -> Counter:
    return REQUESTS.labels(method, status)


class TrustedProxies:
    """Believe `X-Forwarded-For` and `-Proto`, but only from the proxies of the settings."""

    def __init__(self, app: ASGIApp, trusted: Sequence[str] = ()) -> None:
        self.app = app
        self.trusted = frozenset(trusted)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope.get("client") and scope["client"][0] in self.trusted:
            _believe(scope, self.trusted)
        await self.app(scope, receive, send)


def _believe(scope: Scope, trusted: frozenset[str]) -> None:
    headers: dict[bytes, bytes] = dict(scope["headers"])
    scope["is_proxied"] = True
    if headers.get(b"x-forwarded-proto") in {b"http", b"https"}:
        scope["scheme"] = headers[b"x-forwarded-proto"].decode()
    told = [part.strip() for part in headers.get(b"x-forwarded-for", b"").decode("latin-1").split(",")]
    for address in reversed(told):
        if address not in trusted:
            if _is_address(address):
                scope["client"] = (address, 0)
            return


def _is_address(text: Any) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
