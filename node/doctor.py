"""What `hameau check` looks at inside a node."""

from typing import Any

from kit.app import App
from kit.db import migrate
from kit.db.probe import probe
from node.version import VERSION


def check(app: App, _args: dict[str, Any]) -> dict[str, Any]:
    """Tables up to date, and a disk that neither crawls nor lies; one row each."""
    is_current = migrate.is_current(app.db)
    disk = probe(app.data)
    return {
        "rows": [
            {"what": "version", "ok": True, "said": VERSION},
            {"what": "database", "ok": True, "said": app.db.dialect},
            {
                "what": "migrations",
                "ok": is_current,
                "said": "up to date" if is_current else "run: hameau migrate",
            },
            {
                "what": "disk",
                "ok": not disk.warning,
                "said": disk.warning or f"{disk.p50_ms:.2f} ms for one fsync",
            },
        ]
    }
