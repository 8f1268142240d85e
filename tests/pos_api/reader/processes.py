"""The bridge and a card as processes of their own, as on a till's machine."""

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any

from tests.machine import ROOT

PATIENCE = 60.0
POLL = b"106A 26"
"""How nfcpy looks for a card over loopback; after a second without an answer it has seen none."""


class Program:
    """A command that says one JSON value a line."""

    def __init__(self, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, *arguments], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.said: list[dict[str, Any]] = []
        self._lines: Queue[str] = Queue()
        Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in self._process.stdout or ():
            self._lines.put(line)

    def until(self, event: str, **fields: Any) -> dict[str, Any]:
        """Wait for an event with these fields; what came before it is in `said`."""
        while True:
            try:
                told: dict[str, Any] = json.loads(self._lines.get(timeout=PATIENCE))
            except Empty:
                raise AssertionError(f"no {event} {fields} after {self.said}") from None
            self.said.append(told)
            if told["event"] == event and fields.items() <= told.items():
                return told

    def stop(self, by: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Its exit status, and what it complained of."""
        if self._process.poll() is None:
            self._process.send_signal(by)
        _, complaint = self._process.communicate(timeout=PATIENCE)
        return self._process.returncode, complaint


class Bridge(Program):
    """`hameau reader`, over a reader that a card of this machine plays."""

    def __init__(self, folder: Path, *more: str, port: int = 0) -> None:
        self.air = free_udp_port()
        super().__init__(
            *("-m", "node", "reader", "--device", f"udp:127.0.0.1:{self.air}", "--json"),
            *("--port", str(port), "--keep", str(folder / "reader.json"), *more),
        )  # fmt: skip
        self.port: int = self.until("listening")["port"]

    def sees_nothing(self) -> None:
        """Wait until it looked for a card, found none, and looks again: one that comes now is held anew."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as air:
            air.bind(("127.0.0.1", self.air))
            air.settimeout(PATIENCE)
            for _ in range(2):
                while air.recv(1024) != POLL:
                    pass


class HeldCard:
    """A card that lies on the reader of a bridge while this lasts."""

    def __init__(self, bridge: Bridge, uid: str, address: str = "") -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.pos_api.reader.tag", str(bridge.air), uid, address],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
        )

    def __enter__(self) -> "HeldCard":
        return self

    def __exit__(self, *error: object) -> None:
        self._process.kill()
        self._process.wait()


def free_udp_port() -> int:
    """A port of this machine that no datagram goes to now."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
