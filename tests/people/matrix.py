"""Who may open which door: `docs/permissions.md`, written by `python -m tests.people.matrix`."""

from collections.abc import Sequence
from pathlib import Path

from kit.features import Feature, House, fold
from kit.web import Door
from node.features import FEATURES
from people.models.person import ROLES
from people.permissions import permissions_of

PAGE = Path(__file__).resolve().parents[2] / "docs" / "permissions.md"
EVERYONE, ANYONE, NOBODY = "everyone", "any person who signed in", "nobody"
MACHINE = "a paired device"
HEAD = """# Who may open which door

Written by `python -m tests.people.matrix` from the doors of every room, and checked by a test that knocks at
each of them as a stranger, as a person without a role and with every role. An administrator may open all of
them. A door that asks for a scope opens to an API key that has it, when the person behind the key may pass.

## Roles and what they hold

| permission | roles |
|---|---|
{permissions}
"""
ROOM = """
## {room}

| door | address | who | scope of the key |
|---|---|---|---|
{doors}
"""


def who(door: Door, house: House) -> str:
    """Who may pass: roles by name, or one of the three words."""
    if door.needs == "public":
        return EVERYONE
    if door.needs == "signed_in":
        return ANYONE
    if door.needs == "machine":
        return MACHINE
    able = [role for role in ROLES if door.needs in permissions_of(house.permissions, [role])]
    return "any role" if len(able) == len(ROLES) else ", ".join(able) or NOBODY


def page(features: Sequence[Feature] = FEATURES) -> str:
    """The whole page."""
    house = fold(features)
    rows = [f"| `{name}` | {_roles(house, name)} |" for name in sorted(house.permissions)]
    return HEAD.format(permissions="\n".join(rows)) + "".join(_room(room, house) for room in house.features)


def written() -> dict[str, tuple[str, str]]:
    """Who, and which scope, by the name of the door, as the page on disk says it."""
    rows = [
        [cell.strip().strip("`") for cell in line.strip("|").split("|")]
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if line.startswith("| `") and line.count("|") == 5
    ]
    return {name: (passing, scope) for name, _address, passing, scope in rows}


def _roles(house: House, permission: str) -> str:
    able = [role for role in ROLES if permission in permissions_of(house.permissions, [role])]
    return "any role" if len(able) == len(ROLES) else ", ".join(able)


def _room(room: Feature, house: House) -> str:
    rows = [
        f"| `{door.name}` | `{door.method} {door.path}` | {who(door, house)} | {_code(door.scope)} |"
        for door in sorted(room.doors, key=lambda door: (door.path, door.method))
    ]
    return ROOM.format(room=room.name, doors="\n".join(rows)) if rows else ""


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
