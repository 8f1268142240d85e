"""Hours at the till: a tile in hours, a Pass alone pays them, a manager gives them, euros stay apart."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, expect

from node.demo.village import DemoNode
from tests.browser.till_page import Till

HOURLESS = "9A3F10C7"
"""A card of the demonstration with money, and without an hour."""
SNACK = "Goûter des bénévoles"


@pytest.fixture
def till(house: DemoNode, open_context: Callable[..., BrowserContext]) -> Iterator[Till]:
    made = Till(open_context("fr"), house)
    made.open()
    yield made
    assert made.troubles == []


def test_a_volunteer_is_given_hours_and_eats(till: Till) -> None:
    page = till.page
    expect(page.locator(".tile", has_text=SNACK)).to_contain_text("1\u00a0h")
    till.add(SNACK, 2)
    expect(page.locator(".order-sum")).to_contain_text("2\u00a0h")
    expect(page.locator(".ways .button")).to_have_count(1)
    till.add("Café")
    expect(page.locator("dialog[open]")).to_contain_text("ne vont pas dans une même commande")
    page.keyboard.press("Escape")

    till.press("pay pass")
    till.tap(HOURLESS)
    expect(page.locator("dialog[open]")).to_contain_text("Il manque 2\u00a0h")
    page.keyboard.press("Escape")

    page.keyboard.press("Escape")
    till.press("clear")
    till.read(HOURLESS)
    till.press("give")
    till.answer("Monnaie temps")
    till.type("250")
    expect(page.locator("dialog[open]")).to_contain_text("2,5\u00a0h à ce Pass")
    till.answer("Donner")
    expect(page.locator(".notice")).to_contain_text("2,5\u00a0h donné à ce Pass")

    till.add(SNACK, 2)
    till.press("pay pass")
    till.tap(HOURLESS)
    expect(page.locator(".slip")).to_contain_text("0,5\u00a0h")
    till.press("next")
    till.more("x")
    expect(page.locator(".report")).to_contain_text("Monnaie temps, à part de l’argent")
    expect(page.locator(".report")).to_contain_text("Donné à des Pass")
    till.press("back")

    till.add(SNACK)
    till.context.set_offline(True)
    expect(page.locator(".not-now")).to_contain_text("Heures et points")
    till.press("on")
    till.press("pay pass")
    expect(page.locator("dialog[open]")).to_contain_text("les heures et les points ne paient pas")
    page.keyboard.press("Escape")
    till.press("clear")
    till.context.set_offline(False)
