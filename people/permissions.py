"""From roles to permissions: the table comes from the features of the house."""

from collections.abc import Iterable, Mapping

from kit.features import House
from people.models.person import ADMINISTRATOR

EVERY_ROLE = "*"
EVERY_SCOPE = "*"


def permissions_of(table: Mapping[str, tuple[str, ...]], roles: Iterable[str]) -> frozenset[str]:
    """What someone with `roles` may do. An administrator may do everything; "*" means any role at all."""
    held = frozenset(roles)
    if ADMINISTRATOR in held:
        return frozenset(table)
    return frozenset(
        permission
        for permission, given in table.items()
        if held & set(given) or (held and EVERY_ROLE in given)
    )


def roles_with(table: Mapping[str, tuple[str, ...]], permission: str, roles: Iterable[str]) -> list[str]:
    """Which of `roles` hold `permission`, in their order."""
    return [role for role in roles if permission in permissions_of(table, [role])]


def scopes_of(house: House) -> frozenset[str]:
    """What tokens may open: the scopes of the house's doors."""
    return house.scopes


def opened_by(given: Iterable[str], known: frozenset[str]) -> frozenset[str]:
    """The scopes of a token; "*" stands for all of them, also those of later versions."""
    held = frozenset(given)
    return known if EVERY_SCOPE in held else held
