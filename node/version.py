"""The exact version that runs: the package's, and the commit where the source is a clone."""

import subprocess
from functools import cache
from pathlib import Path

VERSION = "0.1.0"
ROOT = Path(__file__).resolve().parent.parent


@cache
def commit() -> str:
    """The commit of the running source, or nothing outside of a clone."""
    try:
        done = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, timeout=2, check=False
        )
    except OSError:
        return ""
    return done.stdout.strip()
