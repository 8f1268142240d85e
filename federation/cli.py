"""`hameau peer` and `hameau village`: whom this node exchanges with, which villages it is in."""

from typing import Annotated, Any

import typer

from kit.cli import act, tell

peer = typer.Typer(name="peer", no_args_is_help=True, help="Peers: invite, accept, share, pause, stop.")
village = typer.Typer(name="village", no_args_is_help=True, help="Villages: found, invite, join, leave.")
Address = Annotated[str, typer.Argument(help="The other node's site, such as https://grange.example.")]
Peer = Annotated[str, typer.Argument(help="Its site, its host or its id.")]
Village = Annotated[str, typer.Argument(help="Its address, its short name here, or its id.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON value, for scripts.")]
Share = Annotated[str, typer.Option(help='What it gets of the agenda: "all" or "none".')]
Tags = Annotated[list[str] | None, typer.Option("--tag", help="Only events with this tag; may be repeated.")]


@peer.command("list", epilog="Example: hameau peer list --json")
def list_peers(context: typer.Context, as_json: AsJson = False) -> None:
    """List peers, offers and invitations."""
    rows = act(context, "peer.list")["peers"]
    tell(rows if as_json else [_short_peer(row) for row in rows], as_json=as_json)


@peer.command("invite", epilog="Example: hameau peer invite https://grange.example --tag music")
def invite_peer(
    context: typer.Context, address: Address, share: Share = "all", tag: Tags = None, as_json: AsJson = False
) -> None:
    """Offer to exchange; where the other node offered already, this accepts."""
    tell(act(context, "peer.invite", address=address, share=share, tags=tag or []), as_json=as_json)


@peer.command(epilog="Example: hameau peer accept https://grange.example")
def accept(
    context: typer.Context, peer: Peer, share: Share = "all", tag: Tags = None, as_json: AsJson = False
) -> None:
    """Say yes to what another node offers."""
    tell(act(context, "peer.accept", peer=peer, share=share, tags=tag or []), as_json=as_json)


@peer.command(epilog="Example: hameau peer refuse https://grange.example")
def refuse(context: typer.Context, peer: Peer, as_json: AsJson = False) -> None:
    """Say no to what another node offers."""
    tell(act(context, "peer.refuse", peer=peer), as_json=as_json)


@peer.command(epilog="Example: hameau peer share https://grange.example --tag music --tag dance")
def share(
    context: typer.Context, peer: Peer, share: Share = "all", tag: Tags = None, as_json: AsJson = False
) -> None:
    """Share more or less from now on."""
    tell(act(context, "peer.share", peer=peer, share=share, tags=tag or []), as_json=as_json)


@peer.command(epilog="Example: hameau peer pause https://grange.example")
def pause(context: typer.Context, peer: Peer, as_json: AsJson = False) -> None:
    """Exchange nothing new for now."""
    tell(act(context, "peer.pause", peer=peer, on=True), as_json=as_json)


@peer.command(epilog="Example: hameau peer resume https://grange.example")
def resume(context: typer.Context, peer: Peer, as_json: AsJson = False) -> None:
    """Go on after a pause."""
    tell(act(context, "peer.pause", peer=peer, on=False), as_json=as_json)


@peer.command(epilog="Example: hameau peer stop https://grange.example")
def stop(context: typer.Context, peer: Peer, as_json: AsJson = False) -> None:
    """Exchange no more, until somebody begins again."""
    tell(act(context, "peer.stop", peer=peer), as_json=as_json)


@village.command("list", epilog="Example: hameau village list --json")
def list_villages(context: typer.Context, as_json: AsJson = False) -> None:
    """List villages, invitations and requests."""
    rows = act(context, "village.list")["villages"]
    tell(rows if as_json else [_short_village(row) for row in rows], as_json=as_json)


@village.command(epilog="Example: hameau village found 'Val d’Ouvette'")
def found(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="How the village is called.")],
    charter: Annotated[str, typer.Option(help="What its members agree on.")] = "",
    as_json: AsJson = False,
) -> None:
    """Found a village; this node keeps the list of its members."""
    tell(act(context, "village.found", name=name, charter=charter), as_json=as_json)


@village.command("invite", epilog="Example: hameau village invite val-d-ouvette https://grange.example")
def invite_to_village(
    context: typer.Context, village: Village, address: Address, as_json: AsJson = False
) -> None:
    """Ask a node into a village that was founded here."""
    tell(act(context, "village.invite", village=village, address=address), as_json=as_json)


@village.command(epilog="Example: hameau village join https://cafe.example/villages/val-d-ouvette")
def join(context: typer.Context, village: Village, as_json: AsJson = False) -> None:
    """Say yes to an invitation, or ask in at the village's address."""
    tell(act(context, "village.join", village=village), as_json=as_json)


@village.command(epilog="Example: hameau village leave val-d-ouvette")
def leave(context: typer.Context, village: Village, as_json: AsJson = False) -> None:
    """Leave a village; the exchanges that it brought end."""
    tell(act(context, "village.leave", village=village), as_json=as_json)


def _short_peer(row: dict[str, Any]) -> dict[str, Any]:
    """One line for eyes; `--json` has everything."""
    ways = {way: _shared(row[way].get("agenda", {})) for way in ("gives", "takes")}
    return {name: row[name] for name in ("name", "url", "state")} | ways | {"queue": row["queue"]}


def _shared(setting: dict[str, Any]) -> str:
    return ", ".join(setting.get("tags", ())) or str(setting.get("mode", "none"))


def _short_village(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("name", "address", "state")} | {"members": len(row["members"])}
