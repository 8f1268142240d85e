"""Places: where an event happens. Own ones are kept by the collective, received ones come with events."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base

FRANCE = "FR"


class Place(Base):
    """An address. Coordinates are WGS 84 degrees; `origin_id` is empty for the collective's own places."""

    __tablename__ = "agenda_place"
    __table_args__ = (Index(None, "origin_id", "fingerprint"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    origin_id: Mapped[UUID | None] = mapped_column(ForeignKey("agenda_origin.id", ondelete="CASCADE"))
    fingerprint: Mapped[str]
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    street: Mapped[str] = mapped_column(default="")
    postal_code: Mapped[str] = mapped_column(default="")
    city: Mapped[str] = mapped_column(default="")
    country: Mapped[str] = mapped_column(default=FRANCE)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    wheelchair: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(default="")
    updated_at: Mapped[datetime]

    @property
    def is_own(self) -> bool:
        return self.origin_id is None

    @property
    def town(self) -> str:
        """Postal code and city, as written on a letter."""
        return f"{self.postal_code} {self.city}".strip()

    @property
    def lines(self) -> list[str]:
        """The address under the name, one line each."""
        return [line for line in (self.street, self.town) if line and line != self.name]

    @property
    def address(self) -> str:
        """Name, street and town in one line."""
        return ", ".join([self.name, *self.lines])

    @property
    def short(self) -> str:
        """What fits on a card: the town, or the name when there is no town."""
        return self.city or self.name

    @property
    def map_url(self) -> str:
        """A page of OpenStreetMap that shows the place; empty when nobody knows where it is."""
        if self.latitude is not None and self.longitude is not None:
            spot = f"{self.latitude:.6f}/{self.longitude:.6f}"
            return (
                "https://www.openstreetmap.org/"
                f"?mlat={self.latitude:.6f}&mlon={self.longitude:.6f}#map=17/{spot}"
            )
        return ""
