"""Processes to measure from outside: a node with its demonstration data, and a bare web process."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from node.demo.filling import fill
from node.demo.village import DemoNode, make_nodes

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60.0


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def one_node(folder: Path) -> DemoNode:
    """A node with the demonstration's data, not started."""
    node = make_nodes(folder, free_port(), 1)[0]
    fill(node)
    return node


def first_answer(port: int, path: str = "/readyz") -> float:
    """Seconds until the process at this port answers 200. Raises TimeoutError after a minute."""
    started = time.perf_counter()
    while time.perf_counter() - started < PATIENCE:
        if ask(port, path) == 200:
            return time.perf_counter() - started
        time.sleep(0.01)
    raise TimeoutError(f"nothing answers on port {port}")


def ask(port: int, path: str) -> int:
    """The status of one GET, or 0 when nobody listens."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except OSError:
        return 0
    finally:
        connection.close()


def resident_megabytes(pid: int) -> float:
    """What the process and its children hold in memory now, in millions of bytes."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6 + sum(
        resident_megabytes(int(child)) for child in children
    )


@contextmanager
def bare_process() -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    """The reference: a web process that does nothing, and its port."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.reference.bare", str(port)], cwd=ROOT)
    try:
        yield process, port
    finally:
        process.terminate()
        process.wait()
