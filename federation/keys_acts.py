"""Acts on the node's own keys. New ones count from the next start: what is under way keeps its signature."""

from typing import Any

from federation.keys import KeyRing, open_keys, rotate, save_keys
from kit import clock
from kit.app import App


def show(app: App, _args: dict[str, Any]) -> dict[str, Any]:
    """The fingerprint, the age, and how many pairs came before."""
    return _shown(_ring(app))


def change(app: App, _args: dict[str, Any]) -> dict[str, Any]:
    """A fresh pair and the old one's statement about it, kept in the key file."""
    ring = rotate(_ring(app), f"{app.settings.node.url}/actor", clock.now())
    save_keys(app.data, app.settings.secret_key, ring)
    return _shown(ring) | {"next": "start the node again: it then signs with the new keys"}


def _ring(app: App) -> KeyRing:
    return open_keys(app.data, app.settings.secret_key, clock.now())


def _shown(ring: KeyRing) -> dict[str, Any]:
    return {
        "fingerprint": ring.current.fingerprint,
        "since": ring.current.since.isoformat(),
        "former": len(ring.former),
    }


KEY_COMMANDS = {"keys.show": show, "keys.rotate": change}
