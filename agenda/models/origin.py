"""A node that events come from: our own copy of what federation knows of it."""

from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base


class Origin(Base):
    """One actor whose events we show. `shown` is false while the exchange with it is closed."""

    __tablename__ = "agenda_origin"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    uri: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    url: Mapped[str]
    accent: Mapped[str]
    pennant: Mapped[int]
    city: Mapped[str] = mapped_column(default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    shown: Mapped[bool] = mapped_column(default=True)
    updated_at: Mapped[datetime]

    @property
    def host(self) -> str:
        """The node's host and port: what the filter `node` names it by."""
        return urlsplit(self.uri).netloc

    @property
    def node_url(self) -> str:
        """The node's origin, `https://host`."""
        return "{0.scheme}://{0.netloc}".format(urlsplit(self.uri))
