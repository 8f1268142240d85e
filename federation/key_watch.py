"""New keys are taken up at once: by the process that made them, and by the others of the same node."""

import asyncio
from pathlib import Path

import structlog

from federation.exchange import Exchange
from federation.identity import identity_from, introduce
from federation.key_file import KeyFileError
from federation.keys import FILE, KeyRing, open_keys
from federation.standing import stand, standing_from
from kit import clock
from kit.app import App
from kit.ports import PortMissing

log = structlog.get_logger("federation.keys")
SECONDS = 5.0


def sign_with(app: App, ring: KeyRing) -> None:
    """From now on this process signs with `ring` and shows it."""
    stand(app.db, standing_from(app.settings, app.seal, ring))
    introduce(app.db, identity_from(app, ring))
    try:
        app.ports.take(Exchange).use_keys(ring)
    except PortMissing:
        return  # a command alone, beside a node that does not run


async def watch(app: App, every: float = SECONDS) -> None:
    """Look at the key file for ever: another process of this node may have changed it."""
    path = app.data / FILE
    seen = _mark(path)
    while True:
        await asyncio.sleep(every)
        if (found := _mark(path)) == seen:
            continue
        seen = found
        try:
            ring = await asyncio.to_thread(open_keys, app.data, app.settings.secret_key, clock.now())
        except (OSError, KeyFileError):
            log.exception("keys_not_read")
        else:
            sign_with(app, ring)


def _mark(path: Path) -> tuple[int, int]:
    """What differs once the file was written anew."""
    try:
        about = path.stat()
    except OSError:
        return 0, 0
    return about.st_mtime_ns, about.st_ino
