"""`hameau till`: pair tills, list them, take one out of service."""

from typing import Annotated

import typer

from kit.cli import act, tell

cli = typer.Typer(name="till", no_args_is_help=True, help="Tills: pair one, list them, take one back.")
AsJson = Annotated[bool, typer.Option("--json", help="One JSON value, for scripts.")]


@cli.command(epilog="Example: hameau till pair 'Bar tablet'")
def pair(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="How the till is called.")],
    as_json: AsJson = False,
) -> None:
    """Print a code of six digits that pairs one till, once, within ten minutes."""
    told = act(context, "till.pair", name=name)
    tell(told, as_json=True) if as_json else typer.echo(f"{told['code']}\n{told['url']}")


@cli.command("list", epilog="Example: hameau till list --json")
def list_tills(context: typer.Context, as_json: AsJson = False) -> None:
    """List the tills, those in service first."""
    tell(act(context, "till.list")["tills"], as_json=as_json)


@cli.command(epilog="Example: hameau till revoke T2")
def revoke(
    context: typer.Context,
    till: Annotated[str, typer.Argument(help="Its series (T2) or its id.")],
    as_json: AsJson = False,
) -> None:
    """Take a till out of service at once, for ever."""
    tell(act(context, "till.revoke", till=till), as_json=as_json)
