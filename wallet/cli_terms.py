"""`hameau terms`: agreements about money with neighbours, on the command line."""

from typing import Annotated

import typer

from kit.cli import act, tell

cli = typer.Typer(
    name="terms", no_args_is_help=True, help="Money with neighbours: list, offer, accept, pause, stop."
)
Peer = Annotated[str, typer.Argument(help="The neighbour's site or host, such as grange.example.")]
Code = Annotated[str, typer.Argument(help="The currency, as `hameau terms list` says it.")]
Amount = Annotated[str, typer.Option(help="In units of the currency; as it is, or the usual, if left out.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON value, for scripts.")]
SHOWN = ("peer", "code", "whose", "state", "per_tap", "node_max")


@cli.command("list", epilog="Example: hameau terms list --json")
def list_terms(context: typer.Context, as_json: AsJson = False) -> None:
    """List what neighbours accept of ours and we of theirs, and what could be offered. Minor units."""
    rows = act(context, "terms.list")["terms"]
    tell(rows if as_json else [{name: row[name] for name in SHOWN} for row in rows], as_json=as_json)


@cli.command(epilog="Example: hameau terms offer grange.example rondelles --node-max 300")
def offer(
    context: typer.Context,
    peer: Peer,
    code: Code,
    *,
    per_tap: Amount = "",
    per_card_day: Amount = "",
    per_minute: Amount = "",
    node_max: Amount = "",
    as_json: AsJson = False,
) -> None:
    """Let a neighbour accept a currency of ours, or change how much."""
    limits = {"per_tap": per_tap, "per_card_day": per_card_day}
    limits |= {"per_minute": per_minute, "node_max": node_max}
    tell(act(context, "terms.offer", peer=peer, code=code, limits=limits), as_json=as_json)


@cli.command(epilog="Example: hameau terms accept grange.example grange.example/graines")
def accept(context: typer.Context, peer: Peer, code: Code, as_json: AsJson = False) -> None:
    """Accept a neighbour's currency, as it is offered."""
    tell(act(context, "terms.accept", peer=peer, code=code), as_json=as_json)


@cli.command(epilog="Example: hameau terms stop grange.example rondelles")
def stop(context: typer.Context, peer: Peer, code: Code, as_json: AsJson = False) -> None:
    """Take our offer back, or accept theirs no more; what is under way comes to its end."""
    tell(act(context, "terms.stop", peer=peer, code=code), as_json=as_json)


@cli.command(epilog="Example: hameau terms pause grange.example rondelles")
def pause(context: typer.Context, peer: Peer, code: Code, as_json: AsJson = False) -> None:
    """Nothing new for now, either way; what is under way goes on."""
    tell(act(context, "terms.pause", peer=peer, code=code, on=True), as_json=as_json)


@cli.command(epilog="Example: hameau terms resume grange.example rondelles")
def resume(context: typer.Context, peer: Peer, code: Code, as_json: AsJson = False) -> None:
    """Go on with the same limits."""
    tell(act(context, "terms.pause", peer=peer, code=code, on=False), as_json=as_json)
