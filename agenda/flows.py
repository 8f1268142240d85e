"""Pictures around the write: made small before it, fetched from other nodes after it, swept when unused."""

import time
from functools import partial
from pathlib import Path
from uuid import UUID

import anyio

from agenda.models.event import Event
from agenda.pictures import MOST_BYTES, file_name, resize, store
from agenda.queries.pictures import pictures_in_use, pictures_to_fetch
from agenda.schemas import EventValues
from agenda.service.events import create_event, edit_event
from agenda.service.received import keep_fetched_picture
from kit.app import App
from kit.auth import Principal
from kit.errors import Refusal

SMALLEST = 360
NAME_LENGTH = 32
AT_ONCE = 20
FETCHABLE = "image/webp, image/jpeg, image/png"
UNUSED_FOR = 24 * 3600


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


async def fetch_pictures(app: App) -> int:
    """Bring home the pictures of received events, so that no reader of ours is seen by other sites.

    One that cannot be had is not asked for again until its owner changes the event. Returns how many came.
    """
    wanted = await app.db.aread(partial(pictures_to_fetch, most=AT_ONCE))
    came = 0
    for event_id, address in wanted:
        name = await _fetched(app, address)
        came += bool(name)
        await app.db.awrite(partial(keep_fetched_picture, event_id=event_id, address=address, name=name))
    return came


def sweep_pictures(app: App) -> int:
    """Remove the files that no event shows and that are a day old. Returns how many."""
    with app.db.read() as session:
        used = pictures_in_use(session)
    before = time.time() - UNUSED_FOR
    unused = [
        path
        for path in pictures_folder(app).glob("*")
        if path.name[:NAME_LENGTH] not in used and path.stat().st_mtime < before
    ]
    for path in unused:
        path.unlink(missing_ok=True)
    return len(unused)


async def _fetched(app: App, address: str) -> str:
    """The stored name of a remote picture, "" when it cannot be had or is none."""
    try:
        answer = await app.http.get(address, accept=FETCHABLE, max_bytes=MOST_BYTES)
        if not answer.is_success:
            return ""
        return await anyio.to_thread.run_sync(keep_picture, app, answer.body)
    except Refusal:
        return ""
