"""The office's pages of sales without a pointer: whoever did something goes on where they were."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from node.demo.village import DemoNode
from tests.browser.watching import Watch

Open = Callable[..., BrowserContext]
Watched = Callable[..., tuple[Page, Watch]]
IS_IN = "(element) => element.contains(document.activeElement)"


def _press(page: Page, verb: str) -> None:
    """Go to a verb and press it, as a keyboard does."""
    page.get_by_role("button", name=verb).focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_the_keyboard_goes_on_in_the_row_that_was_moved(house: DemoNode, watched: Watched) -> None:
    page, _ = watched("en", is_team=True)
    page.goto(f"{house.url}/admin/sales/categories")
    row = page.locator("li.card", has=page.get_by_role("link", name="Sans alcool", exact=True))
    for verb in ("Sans alcool: one place down", "Sans alcool: one place up"):
        _press(page, verb)
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Sans alcool", exact=True)).to_be_focused()
        assert row.evaluate(IS_IN), verb


def test_a_search_that_cannot_be_read_leads_to_its_field(house: DemoNode, open_context: Open) -> None:
    page = open_context("en", is_team=True).new_page()
    page.goto(f"{house.url}/admin/sales/journal")
    page.get_by_text("Search by day, place, means, operator or amount").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Amount").focus()
    page.keyboard.type("a lot")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_label("Amount")).to_be_focused()
    expect(page.get_by_label("Amount")).to_have_accessible_description(
        "I write an amount with digits, such as 12.50."
    )
