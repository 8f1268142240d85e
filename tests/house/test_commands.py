"""Every command explains itself to a stranger: what it does, an example, each option."""

from collections.abc import Iterator

import pytest
import typer
from typer.testing import CliRunner

from node.cli import cli
from tests.house import tree


def walk(
    group: typer.core.TyperGroup, before: tuple[str, ...] = ()
) -> Iterator[tuple[str, typer.core.TyperCommand]]:
    for name, command in sorted(group.commands.items()):
        path = (*before, name)
        if isinstance(command, typer.core.TyperGroup):
            yield from walk(command, path)
        elif isinstance(command, typer.core.TyperCommand):
            yield " ".join(path), command


def commands() -> list[tuple[str, typer.core.TyperCommand]]:
    group = typer.main.get_command(cli)
    return list(walk(group)) if isinstance(group, typer.core.TyperGroup) else []


@pytest.mark.parametrize(("path", "command"), commands(), ids=[path for path, _ in commands()])
def test_a_command_explains_itself(path: str, command: typer.core.TyperCommand) -> None:
    assert (command.help or "").strip(), f"hameau {path} has no sentence about what it does (its docstring)"
    assert "Example: " in (command.epilog or ""), f'Give hameau {path} an epilog: "Example: hameau {path} …"'
    silent = [
        param.name for param in command.params if param.name != "help" and not getattr(param, "help", None)
    ]
    assert set(silent) <= {"as_json"}, f"Give these options of hameau {path} a help text: {silent}"


@pytest.mark.parametrize("path", [path for path, _ in commands()])
def test_help_is_shown_without_a_node(path: str) -> None:
    shown = CliRunner().invoke(cli, [*path.split(), "--help"])
    assert shown.exit_code == 0, shown.output
    assert "Example" in shown.output


def test_a_wrong_command_is_a_usage_error() -> None:
    assert CliRunner().invoke(cli, ["no-such-command"]).exit_code == 2


def test_the_contract_of_commands_is_kept() -> None:
    """The groups that scripts rely on; those of rooms that are not built come with them."""
    top = {path.split()[0] for path, _ in commands()}
    promised = {"init", "serve", "check", "demo", "verify", "export", "import"}
    promised |= {"person", "peer", "village", "migrate", "openapi"}
    assert promised <= top, f"Promised and missing: {sorted(promised - top)}"
    assert (tree.ROOT / "node/__main__.py").exists()
