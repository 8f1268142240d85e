"""`hameau person`: add people, give roles, make sign-in links and API keys."""

from typing import Annotated

import typer

from kit.cli import act, tell

cli = typer.Typer(name="person", no_args_is_help=True, help="People: add, roles, sign-in links, API keys.")
Email = Annotated[str, typer.Argument(help="The person's mail address.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON value, for scripts.")]
Roles = Annotated[list[str] | None, typer.Option("--role", help="A role to give; may be repeated.")]


@cli.command(epilog="Example: hameau person add odile@example.org --name Odile --role administrator")
def add(
    context: typer.Context,
    email: Email,
    *,
    name: Annotated[str, typer.Option(help="How the person is called.")] = "",
    role: Roles = None,
    language: Annotated[str, typer.Option(help="fr or en.")] = "",
    as_json: AsJson = False,
) -> None:
    """Add a person. No mail is sent."""
    told = act(context, "person.add", email=email, name=name, roles=role or [], language=language)
    tell(told, as_json=as_json)


@cli.command(epilog="Example: hameau person role odile@example.org --give treasurer --take cashier")
def role(
    context: typer.Context,
    email: Email,
    give: Annotated[list[str] | None, typer.Option(help="A role to give; may be repeated.")] = None,
    take: Annotated[list[str] | None, typer.Option(help="A role to take back; may be repeated.")] = None,
    as_json: AsJson = False,
) -> None:
    """Give and take roles; without any, say which the person has."""
    tell(act(context, "person.role", email=email, give=give or [], take=take or []), as_json=as_json)


@cli.command(epilog="Example: hameau person link odile@example.org")
def link(context: typer.Context, email: Email, as_json: AsJson = False) -> None:
    """Print a link that signs the person in, once, within a day."""
    told = act(context, "person.link", email=email)
    tell(told, as_json=True) if as_json else typer.echo(told["url"])


@cli.command(epilog="Example: hameau person administrator odile@example.org --name Odile")
def administrator(
    context: typer.Context,
    email: Email,
    name: Annotated[str, typer.Option(help="How the person is called.")] = "",
    as_json: AsJson = False,
) -> None:
    """Make someone administrator, added if need be, and print a link that signs them in once."""
    told = act(context, "person.administrator", email=email, name=name)
    tell(told, as_json=True) if as_json else typer.echo(told["url"])


@cli.command(epilog="Example: hameau person token odile@example.org --scope events:write --json")
def token(
    context: typer.Context,
    email: Email,
    *,
    scope: Annotated[list[str], typer.Option(help='What it opens; may be repeated; "*" is everything.')],
    name: Annotated[str, typer.Option(help="What it is for.")] = "",
    days: Annotated[
        int | None, typer.Option(min=1, max=3650, help="How long it works; for ever if left out.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make an API key that speaks for the person; it is printed once and never again."""
    told = act(context, "person.token", email=email, scopes=scope, name=name, days=days)
    tell(told, as_json=True) if as_json else typer.echo(told["token"])


@cli.command("list", epilog="Example: hameau person list --role administrator --json")
def list_people(
    context: typer.Context,
    search: Annotated[str, typer.Argument(help="Words of the name or address.")] = "",
    *,
    role: Annotated[str, typer.Option(help='Only this role; "any" for the whole team.')] = "",
    archived: Annotated[bool, typer.Option(help="Those whose access is closed.")] = False,
    page: Annotated[int, typer.Option(min=1, help="Twenty-five people a page.")] = 1,
    as_json: AsJson = False,
) -> None:
    """List people by name."""
    told = act(context, "person.list", q=search, role=role, archived=archived, page=page)
    tell(told["people"], as_json=as_json)
