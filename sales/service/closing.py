"""Closing from the back office: a till of its own, and an operator who is a code, never a name."""

from typing import Final
from uuid import UUID

from kit.auth import Principal
from sales.journal_by import office_code
from sales.schemas import OFFICE, Till

DEVICE: Final = UUID("5b0c2d6e-0b7a-5c61-9b58-2f1c7a3e4d90")
"""The back office as a device: the same one on every node, with a series that no till is given."""


def office_till(by: Principal, *, is_training: bool = False) -> Till:
    """The back office as a till, held by this person."""
    return Till(device=DEVICE, series=OFFICE, operator=office_operator(by), is_training=is_training)


def office_operator(by: Principal) -> str:
    """The code of a person of the back office: "B-9f3a21", from their id, so that no name is signed."""
    return office_code(by.person_id) if by.person_id else OFFICE
