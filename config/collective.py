"""What a collective says of itself, on screen: its name, its look, its address."""

from typing import ClassVar

from msgspec import Struct

KINDS = (
    "association",
    "festival",
    "third_place",
    "event_venue",
    "food_venue",
    "theatre",
    "cafe",
    "concert_hall",
    "organiser",
    "shop",
)


class Collective(Struct, frozen=True):
    """The collective that runs this node. Coordinates are WGS 84 degrees; the accent is "#RRGGBB"."""

    choice_name: ClassVar[str] = "collective"

    name: str = "Hameau"
    kind: str = "association"
    tagline: str = ""
    summary: str = ""
    welcome: str = ""
    accent: str = "#1F4BB8"
    pennant: int = 0
    icon: str = "house"
    logo: str = ""
    picture: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = "FR"
    latitude: float | None = None
    longitude: float | None = None
    timezone: str = "Europe/Paris"
    language: str = "fr"
    contact_email: str = ""
    phone: str = ""
    website: str = ""
    opening: str = ""
    set_up: bool = False


class FeaturesOff(Struct, frozen=True):
    """Names of the features that the collective turned off: their doors vanish, their tables stay."""

    choice_name: ClassVar[str] = "features_off"

    names: tuple[str, ...] = ()
