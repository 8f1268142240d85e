"""`serve`: the node itself, in a process that carries nothing of the command line."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from kit.cli import settings_of
from node.lean import lean_environment


def register(cli: typer.Typer) -> None:
    """Add the words of this module to the command."""
    cli.command(epilog="Example: hameau --config node.toml serve")(serve)


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="Listen here instead of server.host.")] = "",
    port: Annotated[int, typer.Option(help="Listen here instead of server.port.")] = 0,
) -> None:
    """Run the node until Ctrl-C; tables are brought up to date first."""
    settings_of(context)
    config = context.find_root().params.get("config")
    environment = lean_environment()
    if isinstance(config, Path):
        environment["HAMEAU_CONFIG"] = str(config.resolve())
    if host:
        environment["HAMEAU_SERVER_HOST"] = host
    if port:
        environment["HAMEAU_SERVER_PORT"] = str(port)
    sys.stdout.flush()
    os.execve(sys.executable, [sys.executable, "-m", "node.serving"], environment)  # noqa: S606
