"""Settings and look of the house; the pictures it accepts and those it refuses."""

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from starlette.testclient import TestClient

from config.collective import Collective
from kit.app import App
from kit.choices import read_choice
from tests.people.browsers import sign_in

LOOK = {"accent": "#D0122D", "pennant": "1", "icon": "bird"}


@pytest.fixture
def office(app: App, client: TestClient) -> TestClient:
    """The administrator's browser."""
    sign_in(app, client, "odile@example.org", "administrator")
    return client


def collective(app: App) -> Collective:
    with app.db.read() as session:
        return read_choice(session, Collective)


def picture(kind: str, size: tuple[int, int] = (400, 300)) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, "#1F4BB8").save(made, kind)
    return made.getvalue()


def bomb() -> bytes:
    """A few bytes that claim to be a picture of 60 000 by 60 000."""

    def piece(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1_000_000)
    return b"\x89PNG\r\n\x1a\n" + piece(b"IHDR", head) + piece(b"IDAT", pixels) + piece(b"IEND", b"")


def files(app: App) -> list[Path]:
    return sorted(path for path in app.files.rglob("*") if path.is_file()) if app.files.exists() else []


def test_name_and_texts_show_on_the_site(app: App, office: TestClient) -> None:
    sent = {"name": "La Grange", "tagline": "salle de bal", "summary": "On danse.", "language": "fr"}
    assert office.post("/admin/settings/name", data=sent).status_code == 303
    assert collective(app).name == "La Grange"
    home = office.get("/").text
    assert "La Grange" in home
    assert "salle de bal" in home


def test_texts_are_never_markup(office: TestClient) -> None:
    evil = "<script>alert(1)</script>"
    office.post("/admin/settings/name", data={"name": f"La Grange {evil}", "welcome": evil, "language": "fr"})
    for page in ("/", "/agenda", "/admin", "/admin/settings/name", "/help"):
        assert evil not in office.get(page).text, page


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_logo_is_kept_small_and_square(app: App, office: TestClient, kind: str) -> None:
    sent = {"logo": ("logo", picture(kind), "image/png")}
    assert office.post("/admin/settings/look", data=LOOK, files=sent).status_code == 303
    kept = app.files / collective(app).logo
    with Image.open(kept) as image:
        assert (image.size, image.format) == ((192, 192), "WEBP")
    assert f"/files/{collective(app).logo}" in office.get("/").text
    shown = office.get(f"/files/{collective(app).logo}")
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/webp")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize("name", ["logo", "picture"])
@pytest.mark.parametrize(
    ("what", "make"),
    [
        ("a bomb of pixels", bomb),
        ("a drawing with a script", lambda: SVG),
        ("a page", lambda: b"<html>"),
        ("an animation's head alone", lambda: b"GIF89a\x01\x00"),
        ("a picture cut short", lambda: picture("PNG")[:60]),
        ("a document", lambda: b"%PDF-1.7 "),
    ],
)
def test_what_is_no_picture_is_refused(
    app: App, office: TestClient, name: str, what: str, make: Callable[[], bytes]
) -> None:
    before = collective(app)
    answer = office.post("/admin/settings/look", data=LOOK, files={name: (what, make(), "image/png")})
    assert answer.status_code in {413, 415, 422}, what
    assert collective(app) == before
    assert files(app) == []


def test_a_logo_may_be_taken_away(app: App, office: TestClient) -> None:
    office.post("/admin/settings/look", data=LOOK, files={"logo": ("l", picture("PNG"), "image/png")})
    office.post("/admin/settings/look", data={**LOOK, "remove_logo": "on"})
    assert collective(app).logo == ""


def test_the_colour_dresses_the_site(app: App, office: TestClient) -> None:
    office.post("/admin/settings/look", data={**LOOK, "accent": "#046C47"})
    assert "accent=046C47" in office.get("/").text
    sheet = office.get("/theme.css?accent=046C47")
    assert sheet.headers["content-type"].startswith("text/css")
    assert "#046c47" in sheet.text.lower()


def test_a_colour_cannot_carry_a_rule(office: TestClient) -> None:
    for evil in ("red;}body{display:none", "046C47}", "</style>"):
        assert "display" not in office.get("/theme.css", params={"accent": evil}).text
        assert office.post("/admin/settings/look", data={**LOOK, "accent": evil}).status_code == 422


def test_an_unknown_group_is_nowhere(office: TestClient) -> None:
    assert office.get("/admin/settings/nowhere").status_code == 404
    assert office.post("/admin/settings/nowhere", data=LOOK).status_code == 404


def test_only_those_who_manage_may(app: App, new_client: Callable[[], TestClient]) -> None:
    before = collective(app)
    editor = new_client()
    sign_in(app, editor, "bastien@example.org", "agenda_editor")
    assert editor.get("/admin/settings/look").status_code == 403
    assert editor.post("/admin/settings/look", data=LOOK).status_code == 403
    assert new_client().post("/admin/settings/look", data=LOOK).status_code == 303
    assert collective(app) == before
