"""Acts on the node's own keys. New ones count at once: the node signs with them and tells everybody."""

from typing import Any

from federation.actors.telling import keys_changed
from federation.key_watch import sign_with
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
    sign_with(app, ring)
    app.db.write(keys_changed)
    sign_with(app, ring)  # what was read meanwhile is sealed anew, too
    return _shown(ring) | {"next": "other nodes are told, and follow by themselves"}


def _ring(app: App) -> KeyRing:
    return open_keys(app.data, app.settings.secret_key, clock.now())


def _shown(ring: KeyRing) -> dict[str, Any]:
    return {
        "fingerprint": ring.current.fingerprint,
        "since": ring.current.since.isoformat(),
        "former": len(ring.former),
    }


KEY_COMMANDS = {"keys.show": show, "keys.rotate": change}
