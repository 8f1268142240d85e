"""`hameau`: the command of one node, also `python -m node`."""

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from config.settings import Settings, SettingsError, load_settings
from kit.cli import Desk
from kit.db import AlreadyRunning
from kit.errors import Refusal
from node.app import build
from node.commands import data, demo, operate, setup
from node.control import ask_running
from node.features import FEATURES
from pos_api.reader import cli as reader

USUAL_FILE = "node.toml"
cli = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Hameau: one node of a village. Every command explains itself with --help.",
    epilog="Example: hameau init --url https://cafe.example && hameau serve",
)


class Chosen:
    """Which node this command is about: a file, the usual file, or the environment alone."""

    def __init__(self) -> None:
        self.path: Path | None = None
        self.database = ""

    def settings(self) -> Settings:
        usual = Path(os.environ.get("HAMEAU_CONFIG", USUAL_FILE))
        settings = load_settings(self.path or (usual if usual.exists() else None))
        if self.database:
            node = msgspec.structs.replace(settings.node, database=self.database)
            settings = msgspec.structs.replace(settings, node=node)
        return settings


ConfigFile = Annotated[
    Path | None, typer.Option("--config", help="The node's file.", show_default=USUAL_FILE)
]


@cli.callback()
def choose(context: typer.Context, config: ConfigFile = None) -> None:
    """Remember which node the command is about."""
    chosen = Chosen()
    chosen.path = config
    context.obj = Desk(
        settings=chosen.settings,
        open_app=lambda settings: build(settings, FEATURES),
        ask=ask_running,
    )


for register in (setup.register, operate.register, data.register, demo.register, reader.register):
    register(cli)
for feature in FEATURES:
    for address in feature.cli.split():
        module, _, name = address.partition(":")
        group: typer.Typer = getattr(import_module(module), name)
        cli.add_typer(group, name=group.info.name or feature.name)


def main() -> None:
    """Run the command; a refusal or a wrong setting is one sentence and exit status 1."""
    try:
        cli()
    except (Refusal, SettingsError, AlreadyRunning) as error:
        typer.echo(getattr(error, "sentence", "") or str(error), err=True)
        sys.exit(1)
