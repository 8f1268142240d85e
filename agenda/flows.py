"""Saving an event with its picture: the image is made small first, the write comes after."""

from pathlib import Path
from uuid import UUID

from agenda.models.event import Event
from agenda.pictures import file_name, resize, store
from agenda.schemas import EventValues
from agenda.service.events import create_event, edit_event
from kit.app import App
from kit.auth import Principal

SMALLEST = 360
NAME_LENGTH = 32


def keep_picture(app: App, data: bytes) -> str:
    """Shrink and store an uploaded picture; returns its name. Raises PictureTooLarge, NotAPicture."""
    return store(resize(data), pictures_folder(app))


def known_picture(app: App, name: str) -> str:
    """`name` when it is a picture that was stored here, else ""."""
    is_name = len(name) == NAME_LENGTH and name.isalnum()
    return name if is_name and (pictures_folder(app) / file_name(name, SMALLEST)).exists() else ""


def save_event(app: App, by: Principal, event_id: UUID | None, values: EventValues) -> Event:
    """Create an event, or change the one of this id. Raises what the service raises."""
    if event_id is None:
        return app.db.write(lambda session: create_event(session, by, values))
    return app.db.write(lambda session: edit_event(session, by, event_id, values))


def pictures_folder(app: App) -> Path:
    """Where the pictures of events are."""
    return app.files / "agenda"
