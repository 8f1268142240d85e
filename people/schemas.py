"""Shapes of forms, of addresses' filters, and of what the API answers."""

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

Line = Annotated[str, Meta(max_length=300)]
Words = Annotated[str, Meta(max_length=100)]


class SignInForm(Struct):
    email: Line
    back: Line = ""


class CodeForm(Struct):
    code: Annotated[str, Meta(max_length=20)]


class ProfileForm(Struct):
    name: Line = ""
    language: Words = ""


class AddressForm(Struct):
    email: Line


class PersonForm(Struct):
    email: Line
    name: Line = ""
    language: Words = ""
    roles: list[str] = []
    invite: bool = False


class RolesForm(Struct):
    roles: list[str] = []


class TokenForm(Struct):
    person: UUID
    name: Line
    scopes: list[str] = []
    expires: date | None = None


class PeopleFilter(Struct):
    q: Words = ""
    role: Words = ""
    archived: bool = False
    page: Annotated[int, Meta(ge=1, le=100_000)] = 1


class JournalFilter(Struct):
    q: Words = ""
    who: UUID | None = None
    kind: Words = ""
    since: date | None = None
    until: date | None = None
    before: Annotated[int, Meta(ge=0, le=(1 << 63) - 1)] = 0


class Me(Struct):
    """Whoever holds the token."""

    id: UUID
    name: str
    email: str
    language: str
    roles: list[str]
    permissions: list[str]
    scopes: list[str]
