"""The two processes of the bare tap, with fresh keys and empty files: B's port, and what both have kept."""

import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from benchmarks.processes import ROOT, first_answer, free_port

WALLETS = 128
FIRST_WALLET = 10


@dataclass(frozen=True)
class BarePair:
    """Where tills ask, and the files of both sides."""

    port: int
    issuer: Path
    acceptor: Path

    def broken(self, acknowledged: set[str]) -> str:
        """What the two sides keep otherwise than they said, or nothing."""
        posted = _ids(self.issuer, "SELECT id FROM tx")
        lines = [_rows(file, "SELECT seq, ref, hash FROM line ORDER BY seq") for file in self._files]
        if posted != acknowledged:
            return f"{len(posted)} posted, {len(acknowledged)} acknowledged"
        return "" if lines[0] == lines[1] else "the mirror is another"

    @property
    def _files(self) -> tuple[Path, Path]:
        return self.issuer, self.acceptor


@contextmanager
def bare_pair(folder: Path, public: int | None = None, hidden: int | None = None) -> Iterator[BarePair]:
    """Both processes, serving; the issuer is asked at `public` and listens at `hidden`, when they differ."""
    folder.mkdir()
    public = public or free_port()
    hidden, port = hidden or public, free_port()
    origins = [f"http://127.0.0.1:{public}", f"http://127.0.0.1:{port}"]
    rings = _rings(*origins)
    wallets = [wallet(number) for number in range(WALLETS)]
    pair = BarePair(port, folder / "issuer.db", folder / "acceptor.db")
    started = [
        _start({"role": "A", "port": hidden, "file": str(pair.issuer), "wallets": wallets, "ring": rings[0]}),
        _start({"role": "B", "port": port, "file": str(pair.acceptor), "wallets": [], "ring": rings[1]}),
    ]
    try:
        for at in (hidden, port):
            first_answer(at, "/ready")
        yield pair
    finally:
        for process in started:
            process.kill()
            process.wait()


def wallet(number: int) -> str:
    """Who pays at the till of that number."""
    return str(UUID(int=FIRST_WALLET + number % WALLETS))


def _start(told: dict[str, Any]) -> "Popen[str]":
    process = Popen([sys.executable, "-m", "benchmarks.reference.bare_tap"], cwd=ROOT, stdin=PIPE, text=True)
    if process.stdin is None:
        raise RuntimeError("no line to speak on")
    process.stdin.write(json.dumps(told) + "\n")
    process.stdin.close()
    return process


def _rings(first: str, second: str) -> tuple[dict[str, str], dict[str, str]]:
    keys = [Ed25519PrivateKey.generate() for _ in range(2)]
    ours = [key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode() for key in keys]
    public = [key.public_key() for key in keys]
    theirs = [key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode() for key in public]
    return (
        {"me": first, "to": second, "ours": ours[0], "theirs": theirs[1]},
        {"me": second, "to": first, "ours": ours[1], "theirs": theirs[0]},
    )


def _ids(file: Path, sql: str) -> set[str]:
    return {str(UUID(bytes=key)) for (key,) in _rows(file, sql)}


def _rows(file: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        return connection.execute(sql).fetchall()
