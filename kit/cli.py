"""Commands: a thin word on the command line, and a named act that the owner of the database carries out."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from config.settings import Settings
from kit.app import App
from kit.db import migrate

Row = Mapping[str, Any]
AS_IT_IS = frozenset({"node.check"})
"""Acts that look at a database as it is; all others find their tables made, as a node that starts does."""


@dataclass(frozen=True)
class Desk:
    """What a command works with. `open_app` builds the node here; `ask` reaches one that already runs."""

    settings: Callable[[], Settings]
    open_app: Callable[[Settings], App]
    ask: Callable[[Path, str, dict[str, Any]], dict[str, Any] | None]


def settings_of(context: typer.Context) -> Settings:
    """The settings of the node this command is about."""
    desk: Desk = context.find_root().obj
    return desk.settings()


@contextmanager
def app_of(context: typer.Context, *, as_it_is: bool = False) -> Iterator[App]:
    """The node, opened by this command alone, its tables up to date unless `as_it_is`.

    Raises AlreadyRunning when a process owns its database.
    """
    desk: Desk = context.find_root().obj
    app = desk.open_app(desk.settings())
    try:
        if not as_it_is:
            migrate.upgrade(app.db)
        yield app
    finally:
        app.db.close()


def act(context: typer.Context, command: str, **args: Any) -> dict[str, Any]:
    """Carry out the act called `command`: by the running node when there is one, else here."""
    desk: Desk = context.find_root().obj
    settings = desk.settings()
    answer = desk.ask(settings.data, command, args)
    if answer is not None:
        return answer
    with app_of(context, as_it_is=command in AS_IT_IS) as app:
        return app.house.commands[command](app, args)


def tell(rows: Sequence[Row] | Row, *, as_json: bool) -> None:
    """Print data for a program (one JSON value) or for eyes (a table)."""
    if as_json:
        typer.echo(json.dumps(rows, default=str, ensure_ascii=False))
    elif isinstance(rows, Mapping):
        for name, value in rows.items():
            typer.echo(f"{name}: {value}")
    else:
        _print_table(rows)


def _print_table(rows: Sequence[Row]) -> None:
    if not rows:
        typer.echo("Nothing yet.")
        return
    table = Table(*rows[0].keys())
    for row in rows:
        table.add_row(*(str(value) for value in row.values()))
    Console().print(table)
