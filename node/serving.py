"""`python -m node.serving`: the server of the node named by `HAMEAU_CONFIG`; `hameau serve` becomes it."""

import gc
import os
import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

import node.without_extras  # noqa: F401 - before those libraries
from config.logging import set_up_logging
from config.settings import Settings, SettingsError, load_settings
from kit.db import AlreadyRunning, migrate
from node.app import build, create_app
from node.features import FEATURES
from node.lean import give_back_memory

KEPT_ALIVE = 30
"""Seconds that an idle connection stays open: peers beat every ten, and a till waits for no handshake."""


def settings_from_environment() -> Settings:
    """The settings of the file named by `HAMEAU_CONFIG`, else `node.toml`, else the environment alone."""
    named = os.environ.get("HAMEAU_CONFIG", "")
    usual = Path(named or "node.toml")
    return load_settings(usual if named or usual.exists() else None)


def application() -> Starlette:
    """The ASGI application, its tables up to date. Called once by each process."""
    settings = settings_from_environment()
    set_up_logging(settings.log)
    app = build(settings, FEATURES)
    migrate.upgrade(app.db)
    asgi = create_app(settings, FEATURES, app=app)
    gc.collect()
    gc.freeze()
    give_back_memory()
    return asgi


def main() -> None:
    """Serve until a signal; a wrong setting or a second process is one sentence and exit status 1.

    Files that it makes belong to their owner alone: the database holds persons and sessions.
    """
    os.umask(0o077)
    try:
        settings = settings_from_environment()
        several = settings.server.workers > 1
        uvicorn.run(
            "node.serving:application" if several else application(),
            factory=several,
            host=settings.server.host,
            port=settings.server.port,
            workers=settings.server.workers,
            proxy_headers=False,
            server_header=False,
            access_log=False,
            log_level="warning",
            timeout_graceful_shutdown=10,
            backlog=2048,
            timeout_keep_alive=KEPT_ALIVE,
        )
    except (SettingsError, AlreadyRunning) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
