"""The till in a browser: it sells, its line falls, it sells on; in the end each sale is there once."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from node.demo.village import DemoNode
from tests.browser.axe import grave_findings
from tests.browser.test_screens import OVERFLOWING
from tests.browser.watching import LISTEN

MANAGER = "3333"
WIDTHS = ((360, 740), (800, 1100), (1280, 800))
CARD = "04A1B2C3D4E581"
"""A chip of the demonstration, with money on it."""
LAST_SALES = """
async () => {
  const { ask } = await import("/static/till/api.js");
  const { value } = await ask("GET", "/sales?limit=50");
  return value.items.map((one) => [one.number, one.total, one.payments.map((paid) => paid.means)]);
}
"""


class Till:
    """A till's page, and what a seller does with it."""

    def __init__(self, context: BrowserContext, node: DemoNode) -> None:
        self.context, self.node = context, node
        self.page: Page = context.new_page()
        self.page.emulate_media(reduced_motion="reduce")
        self.troubles: list[str] = []
        self.page.add_init_script(LISTEN + "localStorage.setItem('theme', 'day');")
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("console", self._on_console)

    def _on_console(self, message: object) -> None:
        text = str(getattr(message, "text", ""))
        if "content policy" in text:
            self.troubles.append(text)

    def press(self, key: str) -> None:
        self.page.locator(f"[data-key='{key}']").locator("visible=true").first.click()

    def open(self) -> None:
        """Pair with the printed code, then a manager takes the till."""
        self.page.goto(f"{self.node.url}/till/#pair={self.node.secrets['till_pairing_code']}")
        self.press("go")
        self.identify(MANAGER)

    def identify(self, pin: str) -> None:
        """Give a PIN where the till asks who sells."""
        self.page.get_by_role("heading", name=re.compile("Qui vend|Who sells")).wait_for()
        self.page.keyboard.type(pin)
        self.page.keyboard.press("Enter")
        expect(self.page.locator(".tile").first).to_be_visible()

    def more(self, key: str) -> None:
        self.press("more")
        self.press(key)

    def answer(self, words: str) -> None:
        """Press the verb of the open dialog that says so."""
        self.page.locator("dialog button", has_text=words).first.click()

    def type(self, digits: str) -> None:
        """Digits on a keypad, then Enter."""
        expect(self.page.locator("dialog .keys")).to_be_visible()
        self.page.keyboard.type(digits)
        self.page.keyboard.press("Enter")

    def tap(self, card: str) -> None:
        """Hold a card to a reader that types."""
        expect(self.page.locator(".waiting")).to_be_visible()
        self.page.keyboard.type(card, delay=3)
        self.page.keyboard.press("Enter")

    def add(self, name: str, times: int = 1) -> None:
        for _ in range(times):
            self.page.locator(".tile", has_text=name).first.click()

    def pay_cash(self, note: str = "exact") -> None:
        self.press("pay cash")
        self.press(note)
        self.press("take")
        expect(self.page.locator(".paid")).to_be_visible()

    def sales(self) -> list[tuple[int, int, list[str]]]:
        return [tuple(one) for one in self.page.evaluate(LAST_SALES)]


@pytest.fixture
def till(house: DemoNode, open_context: Callable[..., BrowserContext]) -> Iterator[Till]:
    made = Till(open_context("fr"), house)
    made.open()
    yield made
    assert made.troubles == []


def test_a_till_sells_for_cash_and_by_pass_and_takes_back(till: Till) -> None:
    page = till.page
    till.add("Demi blonde", 2)
    expect(page.locator(".order li", has_text="Gobelet consigné")).to_contain_text("2,00")
    expect(page.locator(".order-sum output")).to_have_text("8,00 €")
    till.pay_cash("note 1000")
    expect(page.locator(".change-back")).to_contain_text("2,00")
    till.press("undo")
    page.locator("dialog .cancel").click()
    expect(page.locator(".notice")).to_contain_text("Je rends 8,00 € en espèces")
    till.add("Café")
    till.press("pay pass")
    till.tap(CARD)
    expect(page.locator(".paid")).to_contain_text("Il reste sur ce Pass")
    assert [(total, means) for _, total, means in reversed(till.sales())] == [
        (800, ["cash"]),
        (-800, ["cash"]),
        (120, ["pass"]),
    ]


def test_what_a_cut_line_kept_is_sent_once(till: Till) -> None:
    page = till.page
    page.evaluate("() => navigator.serviceWorker.ready")
    till.add("Café")
    # The answer of this sale never arrives: the node has it, the till does not know.
    page.route("**/api/pos/v1/sales", lambda route: (route.fetch(), route.abort())[1])
    till.pay_cash()
    till.press("next")
    page.unroute("**/api/pos/v1/sales")
    till.context.set_offline(True)
    if page.locator(".cut").count() == 0:
        page.locator(".pill").first.click()
    expect(page.get_by_role("heading", name="La connexion est coupée")).to_be_visible()
    assert grave_findings(page) == []
    till.press("on")
    till.add("Tartine")
    till.press("pay pass")
    expect(page.locator("dialog")).to_contain_text("un Pass ne peut pas payer")
    page.keyboard.press("Escape")
    till.press("pay card")
    till.press("take")
    expect(page.locator(".paid")).to_contain_text("gardée dans cette caisse")
    till.press("next")
    till.add("Soupe du soir")
    till.pay_cash()
    till.press("undo")
    page.locator("dialog .cancel").click()
    expect(page.locator(".notice")).to_contain_text("Je rends 4,00 €")
    page.reload()
    till.press("on")
    till.context.set_offline(False)
    expect(page.locator(".pill").first).to_have_text("Connectée", timeout=20_000)
    sold = list(reversed(till.sales()))
    assert [(total, means) for _, total, means in sold] == [
        (120, ["cash"]),
        (450, ["card_terminal"]),
        (400, ["cash"]),
        (-400, ["cash"]),
    ]
    assert [number for number, _, _ in sold] == [1, 2, 3, 4]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_till_fits_every_screen(
    language: str, house: DemoNode, open_context: Callable[..., BrowserContext]
) -> None:
    till = Till(open_context(language), house)
    till.open()
    till.add("Demi blonde", 2)
    for width, height in WIDTHS:
        till.page.set_viewport_size({"width": width, "height": height})
        for theme in ("day", "evening"):
            till.page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
            _look(till, f"sell, {language}, {width}, {theme}", is_asked=language == "fr" and width != 800)
        for way in ("pay pass", "pay cash", "pay card"):
            till.press(way)
            _look(till, f"{way}, {language}, {width}", is_asked=language == "fr" and width == 360)
            till.page.keyboard.press("Escape")
    assert till.troubles == []


def _look(till: Till, which: str, *, is_asked: bool) -> None:
    assert till.page.evaluate(OVERFLOWING) == [], which
    if is_asked:
        assert grave_findings(till.page) == [], which
