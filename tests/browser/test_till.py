"""The till in a browser: it sells, its line falls, it sells on; in the end each sale is there once."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from node.demo.village import DemoNode
from tests.browser.axe import grave_findings
from tests.browser.test_screens import OVERFLOWING
from tests.browser.till_page import CARD, Till

WIDTHS = ((360, 740), (800, 1100), (1280, 800))


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
    expect(page.locator(".pill").first).to_have_text("Connectée")
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
