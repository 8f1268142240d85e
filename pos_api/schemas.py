"""What the office's forms about tills hold."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

Name = Annotated[str, Meta(max_length=120)]


class DeviceForm(Struct):
    """A till: its name, and its points of sale (none: all)."""

    name: Name
    points: Annotated[list[UUID], Meta(max_length=100)] = []


class TrainingForm(Struct):
    """Whether the till is in training."""

    training: bool = False


class RevokeForm(Struct):
    """How many operations the page said wait in the till."""

    waiting: Annotated[int, Meta(ge=0, le=2**53)] = 0


class OperatorForm(Struct):
    """An operator; an empty PIN leaves the one there was."""

    code: Annotated[str, Meta(max_length=16)]
    label: Name
    pin: Annotated[str, Meta(max_length=16)] = ""
    rights: Annotated[list[str], Meta(max_length=20)] = []
    person: UUID | None = None


class CardForm(Struct):
    """A staff card, as its number, chip or code is typed; empty takes the one there was away."""

    card: Annotated[str, Meta(max_length=500)] = ""
