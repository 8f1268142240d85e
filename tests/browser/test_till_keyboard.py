"""A till without a pointer: paired, held, two beers sold for cash, taken back, by the keyboard alone."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Locator, expect

from node.demo.village import DemoNode
from tests.browser.keyboard import focus_problems, press, tab_to
from tests.browser.till_page import MANAGER, Till

STEPS = 12


def test_two_beers_by_keyboard_alone(house: DemoNode, open_context: Callable[..., BrowserContext]) -> None:
    till = Till(open_context("fr"), house)
    page = till.page
    page.goto(f"{house.url}/till/")
    page.get_by_role("heading", name="Je relie cette caisse").wait_for()
    page.keyboard.type(house.secrets["till_pairing_code"])
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Qui vend").wait_for()
    page.keyboard.type(MANAGER)
    page.keyboard.press("Enter")
    beer = _verb(till, "product", "Demi blonde")
    press(page, beer)
    expect(beer).to_be_focused()
    page.keyboard.press("Space")
    expect(beer).to_have_accessible_name("Demi blonde 3,00\u00a0€ 2 dans la commande")
    expect(page.locator("body > [role=status]")).to_contain_text("À payer : 8,00 €")
    assert focus_problems(page, STEPS) == []
    cash = page.locator(".order [data-key='pay cash']")
    press(page, cash)
    expect(page.get_by_role("heading", name="Espèces")).to_be_focused()
    page.keyboard.type("1000")
    expect(page.locator(".change")).to_contain_text("2,00")
    page.keyboard.press("Escape")
    expect(cash).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("1000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Vente suivante")).to_be_focused()
    expect(page.locator("body > [role=status]")).to_have_text("C’est payé. 8,00 €. Je rends 2,00 €")
    undo = page.locator("[data-key='undo']")
    press(page, undo)
    expect(page.get_by_role("dialog", name="Annuler cette vente ?")).to_be_visible()
    page.keyboard.press("Escape")
    expect(undo).to_be_focused()
    page.keyboard.press("Enter")
    press(page, page.locator("dialog .cancel"))
    expect(page.locator(".notice")).to_contain_text("Je rends 8,00 €")
    assert [total for _, total, _ in reversed(till.sales())] == [800, -800]
    tab_to(page, page.locator("[data-key='more']"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Plus", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("[data-key='more']")).to_be_focused()
    assert till.troubles == []


def _verb(till: Till, kind: str, words: str) -> Locator:
    return till.page.locator(f"[data-key^='{kind} ']", has_text=words)
