"""The till as an application: installed, opened without a network, with its photos; a camera."""

import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import segno
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from node.demo.steps import ask
from node.demo.village import DemoNode
from tests.browser.conftest import FLAGS, PATIENCE
from tests.browser.till_page import CARD, MANAGER, Till
from tests.machine import chromium

ICONS = {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable"), ("any", "any")}
PHOTO = "() => { const one = document.querySelector('.tile .photo'); return one?.naturalWidth ?? 0; }"
KEPT = (
    "async () => (await (await caches.open('hameau-photos')).keys()).map((one) => new URL(one.url).pathname)"
)
FETCHED = """
async () => (await fetch(document.querySelector(".tile .photo").src, { cache: "no-store" })).ok
"""
SMALL: Any = {"width": 360, "height": 640}
HIDDEN = """
() => [...document.querySelectorAll(".pairing :is(.key, .huge)")].filter((one) => {
  const { x, width, top, bottom } = one.getBoundingClientRect();
  const isMet = [top + 2, bottom - 2].every((y) => one.contains(document.elementFromPoint(x + width / 2, y)));
  return !isMet && getComputedStyle(one).visibility !== "hidden";
}).map((one) => one.textContent)
"""
DEVICE = "async () => (await import('/static/till/state.js')).state.device.name"
FRAME = (640, 480)
CAMERA = (
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--use-file-for-fake-video-capture={film}",
)


def test_the_till_is_installed_and_opens_without_a_network(
    house: DemoNode, open_context: Callable[..., BrowserContext]
) -> None:
    _give_photo(open_context("fr", is_team=True), house)
    till = Till(open_context("fr"), house)
    till.open()
    page = till.page
    page.evaluate("() => navigator.serviceWorker.ready")
    manifest = page.request.get(f"{house.url}/till/manifest.webmanifest").json()
    assert {(one["sizes"], one["purpose"]) for one in manifest["icons"]} == ICONS
    for one in manifest["icons"]:
        answer = page.request.get(house.url + one["src"])
        assert answer.headers["content-type"].startswith(one["type"])
        if one["sizes"] != "any":
            assert "x".join(map(str, Image.open(io.BytesIO(answer.body())).size)) == one["sizes"]
    page.wait_for_function(PHOTO)
    _wait_until(page, KEPT)
    till.context.set_offline(True)
    page.close()
    page = till.context.new_page()
    page.goto(f"{house.url}/till/")
    page.locator("[data-key='on']").click()
    page.wait_for_function(PHOTO)
    assert page.evaluate(FETCHED)
    till.context.set_offline(False)
    assert till.troubles == []


def _wait_until(page: Page, question: str) -> None:
    for _ in range(PATIENCE // 100):
        if page.evaluate(question):
            return
        page.wait_for_timeout(100)
    raise AssertionError(question)


def _give_photo(office: BrowserContext, house: DemoNode) -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (300, 300), (200, 110, 40)).save(drawn, "JPEG")
    page = office.new_page()
    page.goto(f"{house.url}/admin/sales/products/{_soup(house)['id']}")
    page.set_input_files(
        "[type=file]", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": drawn.getvalue()}
    )
    page.locator("form.editor button").last.click()
    page.wait_for_load_state()


def _soup(house: DemoNode) -> dict[str, str]:
    items = ask(house, "GET", "/api/v1/products?limit=100")["items"]
    return next(one for one in items if one["name"] == "Soupe du soir")


def test_codes_before_the_camera_pair_and_pay_and_without_one_a_number_does(
    house: DemoNode, open_context: Callable[..., BrowserContext], browser: Browser, tmp_path: Path
) -> None:
    cards = ask(house, "GET", "/api/v1/cards?limit=100")["items"]
    card = next(one for one in cards if one["uid"] == CARD)
    without = Till(open_context("fr"), house)
    without.open()
    without.add("Café")
    without.press("pay pass")
    without.press("camera")
    expect(without.page.locator("dialog")).to_contain_text("La caméra ne s’ouvre pas")
    without.answer("Revenir")
    without.press("number")
    without.page.keyboard.type(card["number"])
    without.page.keyboard.press("Enter")
    expect(without.page.locator(".paid")).to_be_visible()

    film = tmp_path / "card.y4m"
    _film(film, f"{house.url}/c/{card['code']}")
    arguments = [*FLAGS, *(one.format(film=film) for one in CAMERA)]
    filmed = browser.browser_type.launch(executable_path=chromium(), args=arguments)
    till = Till(filmed.new_context(locale="fr-FR"), house)
    till.open()
    till.add("Café")
    till.press("pay pass")
    assert not till.page.evaluate("() => 'BarcodeDetector' in globalThis")
    till.press("camera")
    expect(till.page.locator(".paid")).to_be_visible()
    assert not till.page.evaluate("() => document.querySelector('video')")
    _film(film, f"{house.url}/till/#pair={house.secrets['till_pairing_code']}")
    other = Till(filmed.new_context(locale="fr-FR"), house)
    other.page.goto(f"{house.url}/till/")
    other.press("camera")
    expect(other.page.locator(".code")).to_have_text(_spaced(house.secrets["till_pairing_code"]))
    filmed.close()


def test_a_small_telephone_pairs_and_tells_the_time_of_its_node(house: DemoNode, browser: Browser) -> None:
    context = browser.new_context(locale="fr-FR", timezone_id="Asia/Kathmandu", viewport=SMALL)
    till = Till(context, house)
    page = till.page
    page.goto(f"{house.url}/till/")
    page.locator(".pairing").wait_for()
    assert page.evaluate(HIDDEN) == []
    page.keyboard.type(house.secrets["till_pairing_code"])
    till.press("go")
    till.identify(MANAGER)
    assert page.evaluate(DEVICE) == "Tablette"
    times = [_hour(), page.locator(".clock").text_content(), _hour()]
    assert times[1] in times[::2]
    context.close()


def _hour() -> str:
    now = datetime.now(ZoneInfo("Europe/Paris"))
    return f"{now.hour}\u00a0h\u00a0{now:%M}"


def _film(path: Path, text: str) -> None:
    """A QR code before a camera: turned a little, grey around it, as a film of one picture."""
    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(drawn, kind="png", scale=7, border=4)
    code = Image.open(drawn).convert("L").rotate(8, expand=True, fillcolor=255)
    picture = Image.new("L", FRAME, 150)
    picture.paste(code, ((FRAME[0] - code.width) // 2, (FRAME[1] - code.height) // 2))
    head = f"YUV4MPEG2 W{FRAME[0]} H{FRAME[1]} F10:1 Ip A1:1 C420jpeg\nFRAME\n".encode()
    path.write_bytes(head + picture.tobytes() + bytes([128]) * (FRAME[0] * FRAME[1] // 2))


def _spaced(code: str) -> str:
    return f"{code[:3]} {code[3:]}"


def test_an_unprotected_page_says_what_it_cannot_do(
    house: DemoNode, open_context: Callable[..., BrowserContext]
) -> None:
    till = Till(open_context("fr"), house)
    till.page.add_init_script("Object.defineProperty(globalThis, 'isSecureContext', { value: false });")
    till.open()
    expect(till.page.locator(".band")).to_contain_text("Cette page n’est pas protégée")
    till.page.locator(".band").get_by_role("button").click()
    expect(till.page.get_by_role("dialog")).to_contain_text("https://")
    till.answer("J’ai compris")
    till.add("Café")
    till.pay_cash()
    assert [total for _, total, _ in till.sales()] == [120]
