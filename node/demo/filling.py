"""Believable data for one demonstration node, written before its process starts."""

import json
from contextlib import nullcontext
from datetime import UTC, datetime

import msgspec
from sqlalchemy.orm import Session

from config.settings import load_settings
from kit.choices import save_choice
from kit.db import migrate
from kit.demo import DemoSpec
from node.app import build
from node.demo.cast import CAST
from node.demo.evenings import ago, live
from node.demo.village import DemoNode
from node.features import FEATURES
from people import demo as people_demo
from pos_api.demo import add_team, pairing_code

SECRETS_FILE = "demo.json"


def fill(node: DemoNode, evenings: int = 0) -> None:
    """Fill a new node; an old one is left as it is. Its links and tokens are read back from its folder.

    With `evenings`, it was filled so many days ago, and its tills have sold each evening since.
    """
    remembered = node.folder / SECRETS_FILE
    if not remembered.exists():
        app = build(load_settings(node.config), FEATURES)
        try:
            migrate.upgrade(app.db)
            for feature in FEATURES:
                if feature.prepare:
                    feature.prepare(app)
            network, today = app.settings.network, datetime.now(UTC).date()
            spec = DemoSpec(node.key, today, node.url, is_primary=network.primary == node.url)
            with ago(evenings) if evenings else nullcontext():
                secrets = app.db.write(lambda session: _write(session, node, spec))
                add_team(app)
            if evenings:
                live(app, node.key, evenings)
            secrets |= pairing_code(app)
        finally:
            app.db.close()
        remembered.touch(mode=0o600)
        remembered.write_text(json.dumps(secrets), encoding="utf-8")
    node.secrets = json.loads(remembered.read_text(encoding="utf-8"))


def _write(session: Session, node: DemoNode, spec: DemoSpec) -> dict[str, str]:
    save_choice(session, msgspec.structs.replace(CAST[node.key], set_up=True))
    links = people_demo.make_team(session, node.key)
    for feature in FEATURES:
        if feature.demo:
            feature.demo(session, spec)
    return links
