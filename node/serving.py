"""What each server process loads: the application of the node named by `HAMEAU_CONFIG`."""

import os
from pathlib import Path

from starlette.applications import Starlette

from config.logging import set_up_logging
from config.settings import load_settings
from kit.db import migrate
from node.app import build, create_app
from node.features import FEATURES


def application() -> Starlette:
    """The ASGI application, its tables up to date. Called once by each process."""
    named = os.environ.get("HAMEAU_CONFIG", "")
    usual = Path(named or "node.toml")
    settings = load_settings(usual if named or usual.exists() else None)
    set_up_logging(settings.log)
    app = build(settings, FEATURES)
    migrate.upgrade(app.db)
    return create_app(settings, FEATURES, app=app)
