"""Pictures of received events come home, once; files that nothing shows go."""

import io
import os
import time

import anyio
import pytest
from PIL import Image

from agenda.flows import fetch_pictures, keep_picture, pictures_folder, sweep_pictures
from agenda.models.event import Event
from kit.app import App
from kit.db import Database
from kit.http.errors import Unreachable
from tests.factories.events import received

pytestmark = pytest.mark.usefixtures("noon")
ADDRESS = "https://grange.example/a.png"


class Answer:
    """What the far node answers."""

    def __init__(self, body: bytes, status: int = 200) -> None:
        self.body, self.is_success = body, status == 200


class FarNode:
    """A client whose every address answers the same."""

    def __init__(self, answer: Answer | None) -> None:
        self.answer, self.asked = answer, 0

    async def get(self, _url: str, **_wishes: object) -> Answer:
        self.asked += 1
        if self.answer is None:
            raise Unreachable
        return self.answer


def picture() -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (400, 300), "green").save(held, "PNG")
    return held.getvalue()


def fetch(app: App, answer: Answer | None) -> FarNode:
    """Run the job twice against a far node."""
    far = FarNode(answer)
    app.http = far  # type: ignore[assignment]
    anyio.run(fetch_pictures, app)
    anyio.run(fetch_pictures, app)
    return far


def stored(db: Database, event: Event) -> Event:
    with db.read() as session:
        found = session.get(Event, event.id)
    if found is None:
        raise LookupError(event.id)
    return found


def test_picture_comes_home_once(app: App, db: Database) -> None:
    event = db.write(lambda session: received(session, picture_url=ADDRESS, picture_alt="Un pré"))
    assert fetch(app, Answer(picture())).asked == 1
    name = stored(db, event).picture
    assert (pictures_folder(app) / f"{name}-360.webp").exists()


@pytest.mark.parametrize("answer", [None, Answer(b"<html>"), Answer(b"", 404)])
def test_what_cannot_be_had_is_not_asked_for_again(app: App, db: Database, answer: Answer | None) -> None:
    event = db.write(lambda session: received(session, picture_url=ADDRESS))
    assert fetch(app, answer).asked == 1
    assert (stored(db, event).picture, stored(db, event).picture_url) == ("", "")


def test_only_unused_old_files_go(app: App, db: Database) -> None:
    event = db.write(lambda session: received(session, picture_url=ADDRESS))
    fetch(app, Answer(picture()))
    held = io.BytesIO()
    Image.new("RGB", (10, 10)).save(held, "PNG")
    unused = keep_picture(app, held.getvalue())
    assert sweep_pictures(app) == 0
    for path in pictures_folder(app).glob("*"):
        os.utime(path, (time.time() - 2 * 86400,) * 2)
    assert sweep_pictures(app) == 3
    assert not list(pictures_folder(app).glob(f"{unused}*"))
    assert list(pictures_folder(app).glob(f"{stored(db, event).picture}*"))
