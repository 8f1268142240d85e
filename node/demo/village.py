"""The three processes of the demonstration village: files, data, start, stop."""

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from node.demo.asking import send
from node.demo.cast import CAST, PRIMARY_KEY, VILLAGE_NAME, VILLAGE_SLUG
from node.demo.ports import is_free
from node.lean import lean_environment
from node.new_files import write_files

START_SECONDS = 180
STOP_SECONDS = 15


class DemoTrouble(Exception):
    """A node of the demonstration did not start or stop; the message names it and its log."""


@dataclass
class DemoNode:
    """One node of the demonstration: where it lives and the process that runs it."""

    key: str
    port: int
    folder: Path
    process: "subprocess.Popen[bytes] | None" = None
    secrets: dict[str, str] = field(default_factory=dict)
    program: str = "node.serving"

    @property
    def name(self) -> str:
        return CAST[self.key].name

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def config(self) -> Path:
        return self.folder / "node.toml"

    @property
    def database(self) -> str:
        return f"sqlite:///{self.folder / 'node.db'}"

    @property
    def log(self) -> Path:
        return self.folder / "node.log"

    def start(self) -> None:
        """Start the process. Raises DemoTrouble when another program has the port."""
        if not is_free(self.port):
            raise DemoTrouble(f"port {self.port} is used by another program: choose --port-base")
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", self.program],
                env=lean_environment(HAMEAU_CONFIG=str(self.config)),
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                cwd=Path(__file__).resolve().parents[2],
                start_new_session=True,
            )

    def wait_until_ready(self) -> None:
        """Return once `/readyz` says yes. Raises DemoTrouble when the process ends or never answers."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process and self.process.poll() is not None:
                raise DemoTrouble(f"{self.name} stopped while starting; its log: {self.log}")
            if _answers(f"{self.url}/readyz"):
                return
            time.sleep(0.05)
        raise DemoTrouble(f"{self.name} does not answer at {self.url}; its log: {self.log}")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End the process: politely, or as a power cut would (SIGKILL)."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def make_nodes(data: Path, port_base: int, count: int) -> list[DemoNode]:
    """The nodes of a village whose files live under `data`; new files are written, old ones kept."""
    keys = list(CAST)[:count]
    nodes = [DemoNode(key, port_base + index, (data / key).resolve()) for index, key in enumerate(keys)]
    for node in nodes:
        if not node.config.exists():
            write_files(node.config, url=node.url, database="sqlite:///node.db", port=node.port)
            _declare_village(node, nodes)
        elif f'"{node.url}"' not in node.config.read_text(encoding="utf-8"):
            raise DemoTrouble(f"{node.config} was made for another port: use --reset or --data")
    return nodes


def forget(data: Path) -> None:
    """Delete a demonstration's files, and nothing that is not one."""
    if not data.exists():
        return
    strangers = [child.name for child in data.iterdir() if child.name not in CAST]
    if strangers:
        raise DemoTrouble(f"{data} holds other things ({strangers[0]}): nothing was deleted")
    shutil.rmtree(data)


def start_all(nodes: list[DemoNode]) -> None:
    """Start every node and return when all of them answer."""
    for node in nodes:
        node.start()
    for node in nodes:
        node.wait_until_ready()


def stop_all(nodes: list[DemoNode]) -> None:
    """Ask every node to stop, then wait for each."""
    for node in nodes:
        if node.process and node.process.poll() is None:
            os.kill(node.process.pid, signal.SIGTERM)
    for node in nodes:
        node.stop()


def village_id(nodes: list[DemoNode]) -> str:
    """The village's address, at the node that founded it."""
    return f"{nodes[0].url}/villages/{VILLAGE_SLUG}"


def _declare_village(node: DemoNode, nodes: list[DemoNode]) -> None:
    """Write the village, its peers and the primary into the node's file, as an operator would."""
    primary = next((one for one in nodes if one.key == PRIMARY_KEY), nodes[0])
    peers = ", ".join(f'"{other.url}"' for other in nodes if other is not node)
    members = ", ".join(f'"{one.url}"' for one in nodes) if node is primary else ""
    text = node.config.read_text(encoding="utf-8").replace('data = "var"', 'data = "."\ndemo = true')
    text += (
        f'\n[network]\nprimary = "{primary.url}"\nnodes = [{members}]\n'
        f'\n[[village]]\nid = "{village_id(nodes)}"\nname = "{VILLAGE_NAME}"\npeers = [{peers}]\n'
    )
    node.config.write_text(text, encoding="utf-8")


def _answers(address: str) -> bool:
    try:
        return send("GET", address, timeout=2).status_code == 200
    except httpx2.HTTPError:
        return False
