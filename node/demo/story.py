"""One evening of the village, told step by step; each step is checked and timed."""

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import typer

from node.demo import money_steps, steps, till_steps, village_money_steps
from node.demo.filling import fill
from node.demo.outsider import add_outsider
from node.demo.ports import free_port_base
from node.demo.steps import Evening
from node.demo.village import DemoNode, DemoTrouble, make_nodes, start_all, stop_all

STEPS = (*steps.STEPS, *money_steps.STEPS, *village_money_steps.STEPS, *till_steps.STEPS)


@dataclass(frozen=True)
class Told:
    """One step as it went."""

    title: str
    seconds: float
    trouble: str = ""


def tell_story(count: int) -> int:
    """Run the story on free ports in a temporary folder. Returns 0 only if every check held."""
    with tempfile.TemporaryDirectory(prefix="hameau-story-") as folder:
        base, count = free_port_base(max(count, 3) + 1), max(count, 3)
        village = make_nodes(Path(folder), base, count)
        others = [add_outsider(Path(folder), village, base + count)]
        try:
            _told("four nodes of two villages start", lambda: _start([*village, *others]))
            evening = Evening(village, others)
            told = [_told(title, partial(step, evening)) for title, step in STEPS]
        except DemoTrouble as trouble:
            typer.echo(f"✗ {trouble}", err=True)
            return 1
        finally:
            stop_all([*village, *others])
    typer.echo(f"\nThe story holds: {len(told)} steps, {sum(one.seconds for one in told):.1f} s.")
    return 0


def _start(village: list[DemoNode]) -> None:
    for node in village:
        fill(node)
    start_all(village)


def _told(title: str, step: Callable[[], object]) -> Told:
    started = time.perf_counter()
    step()
    told = Told(title, time.perf_counter() - started)
    typer.echo(f"✓ {told.seconds:7.2f} s  {told.title}")
    return told
