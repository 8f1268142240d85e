"""The till in a browser, as a seller uses it."""

import re

from playwright.sync_api import BrowserContext, Page, expect

from node.demo.village import DemoNode
from tests.browser.watching import LISTEN

MANAGER = "3333"
CARD = "04A1B2C3D4E581"
"""A chip of the demonstration, with money on it."""
LAST_SALES = """
async () => {
  const { ask } = await import("/static/till/api.js");
  const { value } = await ask("GET", "/sales?limit=50");
  return value.items.map((one) => [one.number, one.total, one.payments.map((paid) => paid.means)]);
}
"""
TYPE_FAST = """
(keys) => {
  for (const key of keys) {
    const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
    document.activeElement.dispatchEvent(event);
  }
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
        self.read(card)

    def read(self, text: str) -> None:
        """What a reader that types writes, as fast as one does, whatever the machine has to do meanwhile."""
        self.page.evaluate(TYPE_FAST, [*text, "Enter"])

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
