"""Who is asking: a cookie at doors of pages, a bearer token at doors of the API, nobody elsewhere.

A bearer secret that is no person's may be that of a machine: the room that knows it is asked through a port.
"""

from contextlib import suppress
from datetime import datetime
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy.orm import Session
from starlette.responses import Response

from config.settings import Settings
from kit import clock
from kit.app import App
from kit.auth import ANONYMOUS, Principal
from kit.ports import Machines, PortMissing
from kit.web import Call
from people.models.sign_in import LONGEST
from people.permissions import opened_by, permissions_of, scopes_of
from people.proofs import TOKEN_PREFIX
from people.queries.who import session_of_cookie, token_of_secret
from people.seen import Seen


def identify(call: Call, session: Session) -> Principal:
    """The principal of a call. Cookies never open the API, tokens never open pages (interfaces.md §2)."""
    if call.door.kind in {"page", "file"}:
        return _by_cookie(call, session)
    return _by_token(call, session) if call.door.kind == "api" else ANONYMOUS


def cookie_name(settings: Settings) -> str:
    """`__Host-hameau` over https; on loopback, where ports share cookies, `hameau-{port}`."""
    address = urlsplit(settings.node.url)
    return "__Host-hameau" if address.scheme == "https" else f"hameau-{address.port or 80}"


def set_cookie(call: Call, response: Response, secret: str) -> None:
    """The session's cookie: this host only, out of reach of scripts, not sent with another site's forms."""
    age = int(LONGEST.total_seconds())
    response.set_cookie(cookie_name(call.app.settings), secret, max_age=age, **_traits(call))


def drop_cookie(call: Call, response: Response) -> None:
    """Take the session's cookie away."""
    response.delete_cookie(cookie_name(call.app.settings), **_traits(call))


def client_of(call: Call) -> str:
    """Whom rate limits count: an IPv4 address, or the /64 that one IPv6 subscriber has."""
    with suppress(ValueError):
        address = ip_address(call.client)
        if isinstance(address, IPv6Address):
            return str(ip_network((address, 64), strict=False))
    return call.client


def _traits(call: Call) -> dict[str, Any]:
    is_secure = call.app.settings.node.url.startswith("https:")
    return {"path": "/", "secure": is_secure, "httponly": True, "samesite": "lax"}


def _by_cookie(call: Call, session: Session) -> Principal:
    secret = call.request.cookies.get(cookie_name(call.app.settings), "")
    now = clock.now()
    row = session_of_cookie(session, secret, now) if secret else None
    if row is None:
        return ANONYMOUS
    _note_seen(call.app, row.id, row.seen_at, now)
    who = row.person
    permissions = permissions_of(call.app.house.permissions, who.roles)
    return Principal(who.id, who.called, who.email, who.roles, permissions, session_id=row.id)


def _by_token(call: Call, session: Session) -> Principal:
    kind, _space, secret = call.request.headers.get("authorization", "").partition(" ")
    secret = secret.strip() if kind.lower() == "bearer" else ""
    if secret and not secret.startswith(TOKEN_PREFIX):
        return _by_machine(call, session, secret)
    now = clock.now()
    token = token_of_secret(session, secret, now) if secret else None
    if token is None:
        return ANONYMOUS
    _note_seen(call.app, token.id, token.used_at, now)
    permissions = permissions_of(call.app.house.permissions, token.roles)
    scopes = opened_by(token.scopes, scopes_of(call.app.house))
    return Principal(token.person_id, token.called, token.email, token.roles, permissions, scopes)


def _by_machine(call: Call, session: Session, secret: str) -> Principal:
    try:
        known = call.app.ports.take(Machines)  # type: ignore[type-abstract]
    except PortMissing:
        return ANONYMOUS
    return known(session, secret, call.request.headers)


def _note_seen(app: App, one: UUID, last: datetime | None, now: datetime) -> None:
    with suppress(PortMissing):
        app.ports.take(Seen).note(one, last, now)
