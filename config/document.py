"""Writes what people read about the settings, from the settings themselves: `python -m config.document`."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import FieldInfo

from config.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "settings.md"
EXAMPLE = ROOT / "config" / "node.example.toml"
SECTIONS = {
    "node": "What this node is and where its data is.",
    "server": "How it listens. A reverse proxy in front gives HTTPS.",
    "mail": "How it sends mail.",
    "log": "What it writes about itself, on standard error.",
    "network": "Who holds the network currency.",
    "cards": "The secrets of chips that prove their taps.",
    "village": "Villages run by configuration; repeat the section for each one.",
}
PAGE_HEAD = """# Settings

This page is written by `python -m config.document` from `config/settings.py`; a test keeps it true.

A node reads one TOML file (`node.toml`, or `--config FILE`, or the file named by `HAMEAU_CONFIG`), then
`secrets.toml` beside it, then the environment, which wins. `hameau init` writes both files. Everything a
collective decides in daily life (name, texts, logo, opening hours, peers…) is on screen instead.
In a variable, the parts of a list are separated by commas.
"""
EXAMPLE_HEAD = """# Every setting of a node, with its usual value. `hameau init` writes a shorter file.
# Written by `python -m config.document`; the explanations are also in docs/settings.md.
"""


def page() -> str:
    """The text of docs/settings.md."""
    parts = [PAGE_HEAD]
    for section, shape in _sections():
        title = f"[[{section}]]" if section == "village" else f"[{section}]"
        parts.append(f"\n## `{title}`\n\n{SECTIONS[section]}\n")
        parts.append("\n| setting | usual value | variable | what it decides |\n|---|---|---|---|\n")
        parts += [_row(section, field, said) for field, said in _fields(shape)]
    parts.append(
        f"\n## `secret_key`\n\n{_said(get_type_hints(Settings, include_extras=True)['secret_key'])}\n"
    )
    return "".join(parts)


def example() -> str:
    """The text of config/node.example.toml."""
    parts = [EXAMPLE_HEAD]
    for section, shape in _sections():
        is_list = section == "village"
        mark = "# " if is_list else ""
        parts.append(f"\n# {SECTIONS[section]}\n{mark}{f'[[{section}]]' if is_list else f'[{section}]'}\n")
        for field, said in _fields(shape):
            parts.append(f"# {said}\n{mark}{field.name} = {_toml(_usual(field))}\n")
    return "".join(parts)


def _sections() -> Iterator[tuple[str, type[Struct]]]:
    for name, kind in get_type_hints(Settings).items():
        shape = get_args(kind)[0] if get_origin(kind) is list else kind
        if isinstance(shape, type) and issubclass(shape, Struct):
            yield name, shape


def _fields(shape: type[Struct]) -> Iterator[tuple[FieldInfo, str]]:
    hints = get_type_hints(shape, include_extras=True)
    for field in msgspec.structs.fields(shape):
        yield field, _said(hints[field.name])


def _said(hint: Any) -> str:
    notes = hint.__metadata__ if get_origin(hint) is Annotated else ()
    return next((note.description for note in notes if isinstance(note, Meta) and note.description), "")


def _usual(field: FieldInfo) -> Any:
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    return "" if field.default is msgspec.NODEFAULT else field.default


def _row(section: str, field: FieldInfo, said: str) -> str:
    name = f"HAMEAU_{section}_{field.name}".upper()
    variable = "" if section == "village" else f"`{name}`"
    said = said.replace("|", "\\|")
    return f"| `{field.name}` | `{_toml(_usual(field))}` | {variable} | {said} |\n"


def _toml(value: Any) -> str:
    """A value as TOML writes it; JSON's texts, numbers, booleans and flat lists are the same."""
    return msgspec.json.encode(value).decode()


def main() -> None:
    """Write both files."""
    PAGE.write_text(page(), encoding="utf-8")
    EXAMPLE.write_text(example(), encoding="utf-8")
    sys.stdout.write(f"Written: {PAGE.relative_to(ROOT)}, {EXAMPLE.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
