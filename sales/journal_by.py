"""The code of whoever acted in the office: made from their id, so that no name stands in the journal."""

import re
from typing import Final
from uuid import UUID

from sales.schemas import OFFICE

LAST_SIGNS: Final = 6
_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def office_code(person: UUID) -> str:
    """A person of the back office: "B-9f3a21"."""
    return f"{OFFICE}-{person.hex[-LAST_SIGNS:]}"


def by_code(by: str) -> str:
    """The code of whoever an event names: a person by their id, a program or an operator as it stands."""
    return office_code(UUID(by)) if _ID.fullmatch(by) else by
