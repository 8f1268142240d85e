"""`serve`: the node itself."""

import os
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from config.logging import set_up_logging
from kit.cli import settings_of


def register(cli: typer.Typer) -> None:
    """Add the words of this module to the command."""
    cli.command(epilog="Example: hameau --config node.toml serve")(serve)


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="Listen here instead of server.host.")] = "",
    port: Annotated[int, typer.Option(help="Listen here instead of server.port.")] = 0,
) -> None:
    """Run the node until Ctrl-C; tables are brought up to date first."""
    settings = settings_of(context)
    set_up_logging(settings.log)
    config = context.find_root().params.get("config")
    if isinstance(config, Path):
        os.environ["HAMEAU_CONFIG"] = str(config.resolve())
    uvicorn.run(
        "node.serving:application",
        factory=True,
        host=host or settings.server.host,
        port=port or settings.server.port,
        workers=settings.server.workers,
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=10,
        backlog=2048,
    )
