"""The forms of the roof: what the collective says of itself."""

from typing import Annotated

from msgspec import Meta, Struct

Short = Annotated[str, Meta(max_length=120)]
Text = Annotated[str, Meta(max_length=2000)]
Hex = Annotated[str, Meta(pattern="^#[0-9A-Fa-f]{6}$")]
Mail = Annotated[str, Meta(max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")]
Web = Annotated[str, Meta(max_length=300, pattern=r"^https?://[^\s]+$")]
Latitude = Annotated[float, Meta(ge=-90, le=90)]
Longitude = Annotated[float, Meta(ge=-180, le=180)]


class KindForm(Struct, frozen=True):
    """What kind of collective this is."""

    kind: Short


class NameForm(Struct, frozen=True):
    """The name and the texts of the site."""

    name: Annotated[str, Meta(min_length=2, max_length=80)]
    tagline: Short = ""
    summary: Annotated[str, Meta(max_length=300)] = ""
    welcome: Text = ""
    language: Annotated[str, Meta(pattern="^(fr|en)$")] = "fr"


class LookForm(Struct, frozen=True):
    """Colour, pennant and picture of the house."""

    accent: Hex
    pennant: Annotated[int, Meta(ge=0, le=5)] = 0
    icon: Annotated[str, Meta(max_length=40, pattern="^[a-z0-9-]+$")] = "house"
    remove_logo: bool = False
    remove_picture: bool = False


class AddressForm(Struct, frozen=True):
    """Where people find the collective, and how to write to it."""

    street: Short = ""
    postal_code: Annotated[str, Meta(max_length=20)] = ""
    city: Short = ""
    country: Annotated[str, Meta(pattern="^[A-Z]{2}$")] = "FR"
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    timezone: Short = "Europe/Paris"
    contact_email: Mail = ""
    phone: Annotated[str, Meta(max_length=40)] = ""
    website: Web = ""
    opening: Annotated[str, Meta(max_length=300)] = ""


class FirstEventForm(Struct, frozen=True):
    """The least that makes an event: a name, a day, an hour."""

    name: Annotated[str, Meta(min_length=2, max_length=120)] = ""
    start: Annotated[str, Meta(max_length=20)] = ""
    end: Annotated[str, Meta(max_length=20)] = ""
