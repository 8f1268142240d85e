"""How a node is found: WebFinger (RFC 7033, FEP-d556), NodeInfo 2.0 and 2.1 with FEP-2677."""

from collections.abc import Collection, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from federation.documents.card import HANDLE, NodeCard
from federation.documents.context import ACTIVITY_JSON
from federation.urls import origin
from kit.errors import BadRequest, NotFound

JRD_JSON: Final = "application/jrd+json"
NODEINFO_JSON: Final = 'application/json; profile="http://nodeinfo.diaspora.software/ns/schema/{version}#"'
SERVICE: Final = "https://www.w3.org/ns/activitystreams#Service"
APPLICATION: Final = "https://www.w3.org/ns/activitystreams#Application"
PROFILE_PAGE: Final = "http://webfinger.net/rel/profile-page"
NODEINFO_VERSIONS: Final = ("2.0", "2.1")
_SCHEMA: Final = "http://nodeinfo.diaspora.software/ns/schema/"
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


def webfinger(
    card: NodeCard, resource: str, rels: Collection[str] = (), groups: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The JRD of `resource`: `acct:agenda@host`, the actor, a group (`groups`: user name to address) or the
    bare origin. `rels` keeps only links of these relations.

    Raises BadRequest for a resource that is not an address, NotFound for one that is not here.
    """
    names = {HANDLE: card.actor, **(groups or {})}
    if resource.startswith("acct:"):
        name = _local_name(card, resource)
        return _actor_jrd(card, name, names.get(name, ""), rels)
    if not resource.startswith(("https://", "http://")):
        raise BadRequest(cause=f"webfinger resource {resource!r}")
    if resource.removesuffix("/") == card.url:
        return _origin_jrd(card, resource, rels)
    by_address = {address: name for name, address in names.items()}
    return _actor_jrd(card, by_address.get(resource, ""), resource, rels)


def nodeinfo_index(card: NodeCard) -> dict[str, Any]:
    """`/.well-known/nodeinfo`, with the relation of FEP-2677."""
    links = [
        {"rel": f"{_SCHEMA}{version}", "href": f"{card.url}/nodeinfo/{version}"}
        for version in NODEINFO_VERSIONS
    ]
    return {"links": [*links, {"rel": APPLICATION, "href": card.actor}]}


def nodeinfo(card: NodeCard, version: str, source: str = "") -> dict[str, Any]:
    """NodeInfo 2.0 or 2.1: what runs here, no more. `source` is where its code is. Raises NotFound."""
    if version not in NODEINFO_VERSIONS:
        raise NotFound(cause=f"nodeinfo {version!r}")
    software = {"name": "hameau", "version": card.version or "0"}
    return {
        "version": version,
        "software": {**software, "repository": source} if source and version == "2.1" else software,
        "protocols": ["activitypub"],
        "services": {"inbound": [], "outbound": ["rss2.0"]},
        "openRegistrations": False,
        "usage": {"users": {"total": 1}, "localPosts": card.events},
        "metadata": {"nodeName": card.name, "nodeDescription": card.summary},
    }


def actor_link(jrd: Mapping[str, Any]) -> str | None:
    """The actor that a JRD of another node names: `self`, else `Service`, of an ActivityPub type."""
    links = [link for link in _list(jrd.get("links")) if isinstance(link, dict)]
    for rel in ("self", SERVICE, APPLICATION):
        for link in links:
            kind = str(link.get("type", ACTIVITY_JSON))
            if link.get("rel") == rel and kind.startswith((ACTIVITY_JSON, "application/ld+json")):
                href = link.get("href")
                return href if isinstance(href, str) and origin(href) else None
    return None


def split_account(text: str) -> tuple[str, str]:
    """`name` and `host[:port]` of `acct:name@host`, `@name@host` or `name@host`.

    Raises BadRequest for another shape, or a port anywhere but on this machine (protocol.md §1).
    """
    name, at, host = text.removeprefix("acct:").removeprefix("@").rpartition("@")
    host = host.lower()
    if not at or not name or "@" in name or not host or not host.isprintable() or set(host) & set(" /?#\\"):
        raise BadRequest(cause=f"account {text!r}")
    bare = _host_name(host)
    if bare != host.strip("[]") and bare not in _LOOPBACK:
        raise BadRequest(cause=f"account with a port {text!r}")
    return name, host


def _host_name(host: str) -> str:
    try:
        parts = urlsplit(f"//{host}")
        return (parts.hostname or "") if parts.port is None or parts.port else ""
    except ValueError as error:
        raise BadRequest(cause=f"host {host!r}") from error


def _local_name(card: NodeCard, resource: str) -> str:
    name, host = split_account(resource)
    if host != card.host:
        raise NotFound(cause=f"account {resource!r}")
    return name


def _actor_jrd(card: NodeCard, name: str, address: str, rels: Collection[str]) -> dict[str, Any]:
    if not name or not address:
        raise NotFound(cause="no such actor")
    links = [
        {"rel": "self", "type": ACTIVITY_JSON, "href": address},
        {"rel": PROFILE_PAGE, "type": "text/html", "href": f"{card.url}/" if name == HANDLE else address},
    ]
    return {"subject": f"acct:{name}@{card.host}", "aliases": [address], "links": _kept(links, rels)}


def _origin_jrd(card: NodeCard, resource: str, rels: Collection[str]) -> dict[str, Any]:
    links = [
        {"rel": SERVICE, "type": ACTIVITY_JSON, "href": card.actor},
        {"rel": "self", "type": ACTIVITY_JSON, "href": card.actor},
    ]
    return {"subject": resource, "aliases": [card.actor, card.account], "links": _kept(links, rels)}


def _kept(links: list[dict[str, str]], rels: Collection[str]) -> list[dict[str, str]]:
    return [link for link in links if not rels or link["rel"] in rels]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
