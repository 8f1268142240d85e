"""A process to be killed: `python -m tests.kit.claiming URL FOLDER` claims a key, and its flow never ends."""

import sys
import threading
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from config.settings import NodeSettings, Settings
from kit.db import Database
from kit.features import Feature
from kit.web import Call, api, flow
from node.app import build, create_app
from tests.nodes import SECRET, URL

KEY = {"idempotency-key": "once"}
PATH = "/api/v1/endless"


def room(*, ends: bool) -> Feature:
    """One flow, which says that it has begun; and never ends, or at once."""

    @flow
    def endless(_call: Call) -> Any:
        sys.stdout.write("begun\n")
        sys.stdout.flush()
        if not ends:
            threading.Event().wait()
        return {"done": True}

    return Feature(name="endless", doors=(api("POST", PATH, "api.endless", endless, status=201),))


def client_of(url: str, folder: Path, *, ends: bool) -> TestClient:
    """A node of that room alone."""
    settings = Settings(
        node=NodeSettings(url=URL, data=str(folder), allow_loopback=True, demo=False), secret_key=SECRET
    )
    rooms = (room(ends=ends),)
    app = build(settings, rooms, Database(url, durable=False))
    return TestClient(create_app(settings, rooms, app=app))


if __name__ == "__main__":
    with client_of(sys.argv[1], Path(sys.argv[2]), ends=False) as client:
        client.post(PATH, json={}, headers=KEY)
