"""Nodes behind the fault proxy: each says that it is at its public port, and listens at a hidden one."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from node.demo.filling import fill
from node.demo.ports import free_port_base
from node.demo.village import DemoNode, make_nodes, stop_all
from node.lean import lean_environment
from tests.village.faults.proxy import FaultProxy, Gate
from tests.village.faults.weather import Weather

ROOT = Path(__file__).resolve().parents[3]


@dataclass
class ShelteredNode(DemoNode):
    """A node that others reach through the proxy alone, and that can be told where to die."""

    hidden: int = 0
    deaths: int = 0

    @property
    def direct(self) -> str:
        """Where its own tills reach it, whatever the weather."""
        return f"http://127.0.0.1:{self.hidden}"

    def start(self, kill_at: str = "") -> None:
        """Start the process, which dies at the moment `kill_at` when that is not empty."""
        asked = {"HAMEAU_KILL_AT": kill_at} if kill_at else {}
        environment = lean_environment(
            HAMEAU_CONFIG=str(self.config), HAMEAU_SERVER_PORT=str(self.hidden), **asked
        )
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "node.serving"],
                env=environment,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                cwd=ROOT,
                start_new_session=True,
            )

    def kill(self) -> None:
        """As a power cut would."""
        self.deaths += 1
        self.stop(signal.SIGKILL)

    def dies_within(self, seconds: float) -> bool:
        """Whether the process ends by itself, killed, in so many seconds."""
        if self.process is None:
            return True
        try:
            return self.process.wait(seconds) == -signal.SIGKILL
        except subprocess.TimeoutExpired:
            return False


@dataclass
class Sheltered:
    """A village behind a proxy."""

    nodes: list[ShelteredNode]
    weather: Weather

    @property
    def issuer(self) -> ShelteredNode:
        """Whose cards pay elsewhere."""
        return self.nodes[0]

    @property
    def acceptor(self) -> ShelteredNode:
        """Whose tills are paid."""
        return self.nodes[1]

    @property
    def primary(self) -> ShelteredNode:
        """Who keeps the network's currency."""
        return self.nodes[2]

    def start(self) -> None:
        """Start those that do not run, and wait until all answer."""
        for node in self.nodes:
            if node.process is None or node.process.poll() is not None:
                node.start()
        for node in self.nodes:
            node.wait_until_ready()


@contextmanager
def sheltered(folder: Path, seed: int, count: int = 3) -> Iterator[Sheltered]:
    """A village with the demonstration's data, not started, in calm weather; it ends with the block."""
    base = free_port_base(2 * count)
    nodes = [
        ShelteredNode(node.key, node.port, node.folder, hidden=base + count + number)
        for number, node in enumerate(make_nodes(folder, base, count))
    ]
    weather = Weather(seed)
    gates = [Gate(node.url, node.port, node.hidden) for node in nodes]
    for node in nodes:
        fill(node)
    village = Sheltered(nodes, weather)
    with FaultProxy(weather, gates):
        try:
            yield village
        finally:
            stop_all(list(nodes))
