"""Every way to read a card at the till: the phone's chip, a reader that types, a number typed by hand."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, expect

from node.demo.village import DemoNode
from tests.browser.till_page import CARD, Till

# The browser of a phone reads chips; the hardware cannot be here, so this stands in for it.
PHONE = """
globalThis.NDEFReader = class {
  scan() {
    globalThis.scans = (globalThis.scans ?? 0) + 1;
    globalThis.hold = (serialNumber, url = "") => {
      const data = new TextEncoder().encode(url);
      this.onreading({ serialNumber, message: { records: url ? [{ recordType: "url", data }] : [] } });
    };
    return Promise.resolve();
  }
};
"""
READ_FORMATS = """
async (written) => {
  const { tapOf } = await import("/static/till/readers.js");
  return Object.entries(written).map(([format, text]) => tapOf(text, format).uid);
}
"""
NUMBER, PROVING = "7VNJJSC3", "SSJ3BQ8T"
"""Printed on that card, and on one whose chip proves its taps."""
PASS = re.compile("Il reste sur ce Pass")


@pytest.fixture
def till(house: DemoNode, open_context: Callable[..., BrowserContext]) -> Iterator[Till]:
    made = Till(open_context("fr"), house)
    made.page.add_init_script(PHONE)
    made.open()
    yield made
    assert made.troubles == []


def test_a_phone_a_typing_reader_and_a_typed_number_all_pay(till: Till) -> None:
    page = till.page
    page.wait_for_function("() => globalThis.scans === 1")
    page.evaluate("([uid]) => hold(uid)", [":".join(re.findall("..", CARD.lower()))])
    expect(page.get_by_role("heading", name="Colette")).to_be_visible()
    till.press("back")

    till.add("Café")
    till.press("pay pass")
    page.evaluate("([uid]) => hold(uid, 'https://elsewhere.example/')", [CARD])
    expect(page.locator(".paid")).to_contain_text(PASS)
    till.press("next")

    hexes = bytes.fromhex(CARD)
    written = {
        "auto": CARD,
        "hex": ":".join(re.findall("..", CARD)),
        "hex-reversed": hexes[::-1].hex(),
        "decimal": str(int.from_bytes(hexes)),
        "decimal-reversed": str(int.from_bytes(hexes[::-1])),
    }
    assert set(page.evaluate(READ_FORMATS, written)) == {CARD}
    for text in (written["hex-reversed"], written["decimal"], written["decimal-reversed"]):
        till.read(text)
        expect(page.get_by_role("heading", name="Colette")).to_be_visible()
        till.press("back")

    till.add("Café")
    till.press("pay pass")
    type_number(till, NUMBER)
    expect(page.locator(".paid")).to_contain_text(PASS)
    till.press("next")

    # A chip that proves its taps is never paid with by its number: anybody may have read that on the card.
    till.add("Café")
    till.press("pay pass")
    type_number(till, PROVING)
    expect(page.locator(".tap-problem")).to_contain_text("son numéro seul ne paie pas")
    expect(page.get_by_role("heading", name="J’approche la carte du lecteur")).to_be_visible()
    till.press("back")
    till.read(PROVING)
    expect(page.locator(".state-ok")).to_be_visible()
    expect(page.locator("main")).to_contain_text("son numéro seul ne paie pas")
    expect(page.locator(".sum-row")).to_have_count(0)


def type_number(till: Till, number: str) -> None:
    till.press("number")
    till.page.get_by_label(re.compile("Le numéro")).fill(number)
    till.page.keyboard.press("Enter")
