"""`verify`, `export`, `import`, `openapi`: what a node holds, checked, taken out, brought in."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from config.settings import Settings, load_settings
from kit.cli import app_of, settings_of
from kit.db import Database
from kit.features import EXPORT_PEER, VERIFIED, Check, fold
from node import openapi
from node.commands.bundles import show_bundles
from node.features import FEATURES
from node.version import VERSION

Kind = Annotated[str, typer.Argument(help="What: events, for example. A wrong word lists them all.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON value.")]


def register(cli: typer.Typer) -> None:
    """Add the words of this module to the command."""
    cli.command(epilog="Example: hameau verify --config node.toml --json")(verify)
    cli.command("export", epilog="Example: hameau export events > events.ics")(export_file)
    cli.command("import", epilog="Example: hameau import events events.ics")(import_file)
    cli.command("openapi", epilog="Example: hameau openapi > openapi.json")(show_openapi)


def verify(
    context: typer.Context,
    config: Annotated[Path | None, typer.Option(help="The node's file.")] = None,
    database: Annotated[str, typer.Option(help="Look at this database instead.")] = "",
    bundle: Annotated[
        list[Path] | None,
        typer.Option(help="Look at this file of proofs between nodes instead; may be repeated."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Look at every row that can prove itself; exit status 1 names the first broken one.

    With --bundle, neither a node's file nor a database nor the network is needed.
    """
    if bundle:
        show_bundles(bundle, as_json=as_json)
        return
    settings = _beside(database) if database else load_settings(config) if config else settings_of(context)
    url = database or (settings.node.database if settings else "")
    found = run_checks(url, settings)
    if as_json:
        typer.echo(json.dumps(found))
    else:
        typer.echo(_in_words(found))
    if not found["ok"]:
        raise typer.Exit(1)


def _beside(url: str) -> Settings | None:
    """The settings of a node whose file lies beside its SQLite database, for the keys that sign."""
    config = Path(url.removeprefix("sqlite:///")).with_name("node.toml")
    if not url.startswith("sqlite:///") or not config.exists():
        return None
    settings = load_settings(config)
    return settings if settings.node.database == url else None


def run_checks(url: str, settings: Settings | None = None) -> dict[str, Any]:
    """Every room's checks on one snapshot of the database at `url`, which may be in use.

    Without `settings`, what needs the node's own key or files is left out.
    """
    reader = Database(url, read_only=True)
    checks = [check for feature in FEATURES for check in feature.checks]
    checked: dict[str, int] = {}
    broken: dict[str, str] | None = None
    with reader.read() as session:
        if settings is not None:
            session.info[VERIFIED] = settings
        for check in checks:
            checked[check.name], trouble = _look(check, session)
            broken = broken or trouble
    reader.close()
    return {"ok": broken is None, "checked": checked, "first_broken": broken}


def _look(check: Check, session: Any) -> tuple[int, dict[str, str] | None]:
    """How many rows were looked at, and the first broken one."""
    rows = 0
    for rows, (where, why) in enumerate(check.run(session), 1):
        if why:
            return rows, {"what": check.name, "where": where, "why": why}
    return rows, None


def _in_words(found: dict[str, Any]) -> str:
    lines = [f"{name}: {rows} looked at" for name, rows in found["checked"].items()]
    if broken := found["first_broken"]:
        lines.append(f"First broken: {broken['what']}, {broken['where']}: {broken['why']}")
    else:
        lines.append("Everything is in order.")
    return "\n".join(lines)


def export_file(
    context: typer.Context,
    kind: Kind,
    peer: Annotated[str, typer.Option(help="Only what concerns this node: https://farm.example.")] = "",
) -> None:
    """Write everything of one kind to standard output."""
    exports = {one.kind: one for feature in FEATURES for one in feature.exports}
    if kind not in exports:
        raise typer.BadParameter(f"choose one of: {', '.join(sorted(exports))}")
    reader = Database(settings_of(context).node.database, read_only=True)
    with reader.read() as session:
        session.info[EXPORT_PEER] = peer.rstrip("/")
        for piece in exports[kind].run(session):
            sys.stdout.buffer.write(piece)
    reader.close()


def import_file(
    context: typer.Context, kind: Kind, file: Annotated[Path, typer.Argument(help="The file to read.")]
) -> None:
    """Bring in a file, whole or not at all; the node must be stopped."""
    imports = {one.kind: one for feature in FEATURES for one in feature.imports}
    if kind not in imports:
        raise typer.BadParameter(f"choose one of: {', '.join(sorted(imports))}")
    content = file.read_bytes()
    with app_of(context) as app:
        for feature in FEATURES:
            if feature.prepare:  # what is brought in may be written in the journal
                feature.prepare(app)
        typer.echo(app.db.write(lambda session: imports[kind].run(session, content)))


def show_openapi(context: typer.Context) -> None:
    """The OpenAPI 3.1 document of the JSON API."""
    document = openapi.document(fold(FEATURES), settings_of(context).node.url, VERSION)
    typer.echo(msgspec.json.format(msgspec.json.encode(document), indent=2).decode())
