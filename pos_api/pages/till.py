"""The till's screen: one page without data, its service worker and its manifest. Data needs a device."""

import hashlib
from functools import cache
from pathlib import Path

import msgspec
from starlette.responses import Response

from kit.assets import STATIC
from kit.i18n import gettext as _
from kit.web import Call, file, flow, page

TILL = STATIC / "till"
READER = "ws://127.0.0.1:*"
"""Where `hameau reader` speaks with this page: on the till’s own machine only, at a port that it says."""
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; worker-src 'self'; img-src 'self' data:; "
    f"font-src 'self'; connect-src 'self' {READER}; manifest-src 'self'; media-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'; report-uri /csp-reports"
)
SHARED = (
    "css/tokens.css",
    "pictures.svg",
    "icons.svg",
    "icon.svg",
    "fonts/atkinson-next.woff2",
    "fonts/bricolage-720.woff2",
    "fonts/bricolage-digits.woff2",
)
"""Files of the house that the till wears too."""
ICONS = (("app-192.png", "192x192", "any"), ("app-512.png", "512x512", "any"),
         ("app-maskable-512.png", "512x512", "maskable"), ("app.svg", "any", "any"))  # fmt: skip
"""Drawings that a device puts on its own screen: file, sizes, and whether it may cut the corners."""


@flow
def till(call: Call) -> Response:
    """The till. It asks for its data with the token of its device."""
    answer = call.page("pos_api/till.html")
    answer.headers["content-security-policy"] = POLICY
    answer.headers["cache-control"] = "no-cache"
    return answer


@flow
def service_worker(call: Call) -> Response:
    """The worker that opens the till without a network; its text changes when any file of the till does."""
    shell = [call.url("pos_api.till"), call.url("pos_api.till_manifest"), *addresses(), _theme(call)]
    head = f"const VERSION = {_json(version())};\nconst SHELL = {_json(shell)};\n"
    text = head + (TILL / "sw.js").read_text("utf-8")
    answer = Response(text, media_type="text/javascript")
    answer.headers["service-worker-allowed"] = call.url("pos_api.till")
    answer.headers["cache-control"] = "no-cache"
    return answer


@flow
def manifest(call: Call) -> Response:
    """What a device needs in order to install the till."""
    start = call.url("pos_api.till")
    name = _("Till")
    value = {
        "id": start,
        "name": f"{name} · {call.collective.name}",
        "short_name": name,
        "lang": call.language,
        "start_url": start,
        "scope": start,
        "display": "standalone",
        "background_color": "#FAF9F5",
        "theme_color": call.collective.accent,
        "description": _("I sell, also without a connection."),
        "categories": ["business", "finance"],
        "orientation": "any",
        "icons": [_icon(*one) for one in ICONS],
    }
    return Response(msgspec.json.encode(value), media_type="application/manifest+json")


def addresses() -> list[str]:
    """The addresses of every file that the till needs in order to open."""
    own = [f"/static/till/{path.name}" for path in files() if path.name != "sw.js"]
    return own + [f"/static/{name}" for name in SHARED]


@cache
def files() -> tuple[Path, ...]:
    """The till's own files."""
    return tuple(sorted(path for path in TILL.iterdir() if path.suffix in {".js", ".css", ".svg", ".png"}))


@cache
def version() -> str:
    """Changes when a file of the till changes."""
    whole = hashlib.sha256()
    for path in (*files(), *(STATIC / name for name in SHARED)):
        whole.update(path.name.encode() + path.read_bytes())
    return whole.hexdigest()[:12]


def _icon(name: str, sizes: str, purpose: str) -> dict[str, str]:
    kind = "image/svg+xml" if name.endswith(".svg") else "image/png"
    return {"src": f"/static/till/{name}", "sizes": sizes, "type": kind, "purpose": purpose}


def _theme(call: Call) -> str:
    return call.url("node.theme_css", accent=call.collective.accent.replace("#", ""))


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


DOORS = (
    page("GET", "/till/", "pos_api.till", till),
    file("GET", "/till/sw.js", "pos_api.till_worker", service_worker),
    file("GET", "/till/manifest.webmanifest", "pos_api.till_manifest", manifest),
)
