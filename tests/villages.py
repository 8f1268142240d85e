"""Whole villages for tests: real processes on free ports, with the demonstration's data."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from node.demo.filling import fill
from node.demo.ports import free_port_base
from node.demo.village import DemoNode, make_nodes, start_all, stop_all


@contextmanager
def village_at(folder: Path, count: int = 3) -> Iterator[list[DemoNode]]:
    """A running village whose files live in `folder`; every process ends with the block."""
    nodes = make_nodes(folder, free_port_base(count), count)
    try:
        for node in nodes:
            fill(node)
        start_all(nodes)
        yield nodes
    finally:
        stop_all(nodes)
