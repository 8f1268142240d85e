"""`hameau keys`: show the node's keys, change them."""

from typing import Annotated

import typer

from kit.cli import act, tell

keys = typer.Typer(name="keys", no_args_is_help=True, help="The node's keys: show, change.")
AsJson = Annotated[bool, typer.Option("--json", help="One JSON value, for scripts.")]


@keys.command(epilog="Example: hameau keys show")
def show(context: typer.Context, as_json: AsJson = False) -> None:
    """Show the fingerprint that other collectives compare, and since when the keys are used."""
    tell(act(context, "keys.show"), as_json=as_json)


@keys.command(epilog="Example: hameau keys rotate")
def rotate(context: typer.Context, as_json: AsJson = False) -> None:
    """Make new keys, signed by the old ones, and use them at once; other nodes follow by themselves."""
    tell(act(context, "keys.rotate"), as_json=as_json)
