"""The till's own reader of QR codes: every size that a card may have, turned, bent, stained."""

import base64
import io
from collections.abc import Callable

import pytest
import segno
from PIL import Image, ImageDraw
from playwright.sync_api import BrowserContext, Page

from node.demo.village import DemoNode

FRAME = (640, 480)
ADDRESS = "https://escargotiere.example/c/JJ9Z437SF6Y95MC597AE"
READ = """
async (source) => {
  const { find } = await import("/static/till/qr.js");
  const picture = Object.assign(new Image(), { src: source });
  await picture.decode();
  const { width, height } = picture;
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const pen = canvas.getContext("2d");
  pen.drawImage(picture, 0, 0);
  return find(pen.getImageData(0, 0, width, height));
}
"""
TEXTS = (
    ("12345678", "l"), ("CARTE 7VNJ-JSC3", "h"), ("Été à la buvette", "m"), ("Kürbis, 南瓜", "q"),
    (ADDRESS, "l"), (ADDRESS, "m"), (ADDRESS, "q"), (ADDRESS, "h"), (ADDRESS * 2, "m"), (ADDRESS * 2, "h"),
    (ADDRESS * 3, "m"),
)  # fmt: skip


@pytest.fixture
def page(house: DemoNode, open_context: Callable[..., BrowserContext]) -> Page:
    opened = open_context("fr").new_page()
    opened.goto(f"{house.url}/till/")
    return opened


def _drawn(text: str, level: str = "m", scale: int = 5) -> Image.Image:
    out = io.BytesIO()
    segno.make(text, error=level, micro=False, boost_error=False).save(out, kind="png", scale=scale, border=4)
    return Image.open(out).convert("L")


def _read(page: Page, code: Image.Image) -> str | None:
    """What the till reads of this code, held before a grey wall."""
    picture = Image.new("L", FRAME, 160)
    picture.paste(code, ((FRAME[0] - code.width) // 2, (FRAME[1] - code.height) // 2))
    out = io.BytesIO()
    picture.save(out, "PNG")
    read: str | None = page.evaluate(
        READ, "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()
    )
    return read


def test_every_size_and_level_is_read(page: Page) -> None:
    assert [_read(page, _drawn(text, level)) for text, level in TEXTS] == [text for text, _ in TEXTS]


@pytest.mark.parametrize("angle", [90, 180, 270, 11, 37])
def test_a_turned_code_is_read(page: Page, angle: int) -> None:
    assert _read(page, _drawn(ADDRESS).rotate(angle, expand=True, fillcolor=255)) == ADDRESS


def test_a_bent_a_small_and_a_stained_code_are_read_and_noise_is_not(page: Page) -> None:
    code = _drawn(ADDRESS, "q")
    wide, high = code.size
    bent = code.transform(
        code.size, Image.Transform.QUAD, (0, 0, 10, high, wide, high - 12, wide - 14, 10), fillcolor=255
    )
    assert _read(page, bent) == ADDRESS
    assert _read(page, _drawn(ADDRESS, scale=3)) == ADDRESS
    stained = code.copy()
    ImageDraw.Draw(stained).ellipse((wide // 2 - 28, high // 2 - 28, wide // 2 + 28, high // 2 + 28), fill=0)
    assert _read(page, stained) == ADDRESS
    ImageDraw.Draw(stained).rectangle((70, 70, wide - 50, high - 50), fill=0)
    assert _read(page, stained) is None
    assert _read(page, Image.effect_noise((400, 400), 90)) is None
