"""`demo`: the demonstration village on this machine."""

import contextlib
import json
import signal
import sys
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from node.demo import cards
from node.demo.cast import CAST, PRIMARY_KEY
from node.demo.filling import fill
from node.demo.story import tell_story
from node.demo.village import DemoNode, DemoTrouble, forget, make_nodes, start_all, stop_all, village_id

EVENINGS = 3
"""Before today, sold and closed: a report without sales says little."""


def register(cli: typer.Typer) -> None:
    """Add the words of this module to the command."""
    cli.command(epilog="Example: bin/demo --reset")(demo)


def demo(
    *,
    data: Annotated[Path, typer.Option(help="Where the nodes' files live.")] = Path("var/demo"),
    port_base: Annotated[int, typer.Option(min=1024, max=65000, help="Port of the first node.")] = 8101,
    nodes: Annotated[int, typer.Option(min=1, max=len(CAST), help="How many nodes.")] = 3,
    reset: Annotated[bool, typer.Option("--reset", help="Start again from new data.")] = False,
    story: Annotated[bool, typer.Option("--story", help="Tell one evening, check each step, end.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on one line when ready.")] = False,
) -> None:
    """Start the demonstration village and print how to enter it; Ctrl-C stops everything."""
    if story:
        raise typer.Exit(tell_story(nodes))
    try:
        _run(data, port_base, nodes, reset=reset, as_json=as_json)
    except DemoTrouble as trouble:
        typer.echo(str(trouble), err=True)
        raise typer.Exit(1) from trouble


def _run(data: Path, port_base: int, count: int, *, reset: bool, as_json: bool) -> None:
    if reset:
        forget(data)
    village = make_nodes(data, port_base, count)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        for node in village:
            typer.echo(f"{node.name}: I prepare {node.url} …", err=True)
            fill(node, evenings=EVENINGS)
        start_all(village)
        typer.echo(json.dumps(as_object(village), ensure_ascii=False) if as_json else in_words(village))
        sys.stdout.flush()
        _wait_for_the_end(village)
    finally:
        for impatient in (signal.SIGINT, signal.SIGTERM):  # a second Ctrl-C must leave no node behind
            signal.signal(impatient, signal.SIG_IGN)
        stop_all(village)


def _wait_for_the_end(village: list[DemoNode]) -> None:
    """Return on Ctrl-C or SIGTERM. Raises DemoTrouble when a node ends by itself."""
    with contextlib.suppress(KeyboardInterrupt):
        while True:
            time.sleep(0.5)
            for node in village:
                if node.process and node.process.poll() is not None:
                    raise DemoTrouble(f"{node.name} stopped by itself; its log: {node.log}")
    typer.echo("I stop the village …", err=True)


def as_object(village: list[DemoNode]) -> dict[str, Any]:
    """What `--json` prints: see interfaces.md §1."""
    return {
        "nodes": [
            {
                "name": node.name,
                "url": node.url,
                "data": str(node.folder),
                "database": f"sqlite:////{str(node.folder / 'node.db').lstrip('/')}",
                "api_token": node.secrets["api_token"],
                **{name: node.url + link for name, link in node.secrets.items() if link.startswith("/")},
                "till_pairing_code": node.secrets["till_pairing_code"],
                "is_primary": node.key == PRIMARY_KEY or len(village) < len(list(CAST)[:3]),
            }
            for node in village
        ],
        "village": {"id": village_id(village)},
        "cards": [card for node in village for card in cards.cards_of(node)],
    }


def in_words(village: list[DemoNode]) -> str:
    """The same for a person at a terminal."""
    lines = ["", "The demonstration village is ready. Open:", ""]
    for node in village:
        lines.append(f"  {node.name}  {node.url}")
        for role, link in node.secrets.items():
            if link.startswith("/"):
                lines.append(f"      {role.removesuffix('_sign_in').replace('_', ' ')}: {node.url}{link}")
        lines.append(f"      mails: {node.url}/demo/mails")
        code = node.secrets["till_pairing_code"]
        lines.append(f"      till: {node.url}/till/#pair={code}  PIN 1111 sells, PIN 3333 may do everything")
        lines.append("      cards (number, chip, what is on them):")
        lines += cards.in_words(node)
        lines.append("")
    lines.append("The links and the codes may be used again. Ctrl-C stops everything.")
    return "\n".join(lines)
