"""`init`, `check`, `migrate`: a node's files, its health, its tables."""

from pathlib import Path
from typing import Annotated

import typer

from config.settings import load_settings
from kit.cli import act, app_of, settings_of, tell
from kit.db import migrate
from node.new_files import write_files


def register(cli: typer.Typer) -> None:
    """Add the words of this module to the command."""
    cli.command(epilog="Example: hameau init --url https://cafe.example")(init)
    cli.command(epilog="Example: hameau --config node.toml check --json")(check)
    cli.command("migrate", epilog="Example: hameau migrate")(migrate_database)


def init(
    url: Annotated[str, typer.Option(help="Public address of the node.")] = "http://127.0.0.1:8101",
    database: Annotated[str, typer.Option(help="Where rows live.")] = "sqlite:///var/node.db",
    file: Annotated[Path, typer.Option(help="The file to write.")] = Path("node.toml"),
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8101,
) -> None:
    """Write the settings and the secrets of a new node; refuses to overwrite."""
    secrets = file.with_name("secrets.toml")
    for path in (file, secrets):
        if path.exists():
            typer.echo(f"{path} exists already: nothing was written.", err=True)
            raise typer.Exit(1)
    write_files(file, url=url, database=database, port=port)
    load_settings(file)
    typer.echo(f"Written: {file} and {secrets} (secret, keep a copy).\nNext: hameau --config {file} serve")


def check(context: typer.Context, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """The doctor: settings, database, migrations, disk. Exit status 1 when something is wrong."""
    rows = [{"what": "settings", "ok": True, "said": settings_of(context).node.url}]
    rows += act(context, "node.check")["rows"]
    tell(rows, as_json=as_json)
    if not all(row["ok"] for row in rows):
        raise typer.Exit(1)


def migrate_database(context: typer.Context) -> None:
    """Bring the tables to this version; `serve` does it too."""
    with app_of(context) as app:
        migrate.upgrade(app.db)
    typer.echo("The tables are up to date.")
