"""`hameau asset`: the currencies of this node."""

from typing import Annotated

import typer

from kit.cli import act, tell

cli = typer.Typer(name="asset", no_args_is_help=True, help="Currencies: list, create, archive, circulation.")
Code = Annotated[str, typer.Argument(help="The currency's short name, as `hameau asset list` says it.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON value, for scripts.")]


@cli.command("list", epilog="Example: hameau asset list --json")
def list_assets(
    context: typer.Context,
    *,
    archived: Annotated[bool, typer.Option(help="Those that are no longer given, too.")] = False,
    as_json: AsJson = False,
) -> None:
    """List currencies by short name."""
    found = act(context, "asset.list", archived=archived)["assets"]
    tell(found if as_json else [_for_eyes(row) for row in found], as_json=as_json)


@cli.command(epilog='Example: hameau asset create "Coquille" --where "Je paie au café."')
def create(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="What people call it.")],
    *,
    where: Annotated[str, typer.Option(help="A sentence: where people can spend it.")],
    nature: Annotated[str, typer.Option(help="money, gift, time, loyalty or free.")] = "money",
    reach: Annotated[str, typer.Option(help="network, local or issuer_only.")] = "local",
    symbol: Annotated[str, typer.Option(help="Shown after amounts.")] = "",
    icon: Annotated[str, typer.Option(help="The name of a drawing.")] = "coins",
    code: Annotated[str, typer.Option(help="Short name for programs; made from the name if left out.")] = "",
    scale: Annotated[
        int | None, typer.Option(min=0, max=6, help="Decimals; those of its nature if left out.")
    ] = None,
    gift_days: Annotated[
        int | None, typer.Option(min=1, max=3650, help="How many days a voucher lasts; for ever if left out.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Create a currency. Nature, reach, decimals and short name are for ever."""
    said = {"name": name, "where_spent": where, "nature": nature, "reach": reach, "symbol": symbol}
    said |= {"icon": icon, "code": code}
    numbers = {"scale": scale, "gift_days": gift_days}
    tell(act(context, "asset.create", values={**said, **numbers}), as_json=as_json)


@cli.command(epilog="Example: hameau asset archive coquille")
def archive(
    context: typer.Context,
    code: Code,
    *,
    restore: Annotated[bool, typer.Option(help="Bring it back.")] = False,
    as_json: AsJson = False,
) -> None:
    """No longer give a currency; what people hold of it can still be spent."""
    tell(act(context, "asset.archive", code=code, restore=restore), as_json=as_json)


@cli.command(epilog="Example: hameau asset circulation --json")
def circulation(context: typer.Context, as_json: AsJson = False) -> None:
    """Say where every currency stands, in minor units: given out, held by people, taken, expired."""
    tell(act(context, "asset.circulation")["assets"], as_json=as_json)


def _for_eyes(row: dict[str, object]) -> dict[str, object]:
    """What fits on one line."""
    return {name: value for name, value in row.items() if name not in {"id", "issuer"}}
