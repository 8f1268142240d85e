"""Every screen, every width, both languages, both sets of colours: nothing broken, nothing foreign."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from node.demo.village import DemoNode
from tests.browser import screens
from tests.browser.axe import grave_findings
from tests.browser.watching import Watch
from tests.browser.words import foreign_words

WIDTHS = (1280, 800, 360, 320)
LOOKED_AT_BY_AXE = (1280, 360)
HEIGHT = 900
EXPECTED = {"people.link": 410, "wallet.tapped_card": 404}
"""Screens that say no on purpose."""
IN_ANOTHER_LANGUAGE = {"people.demo_mails", "node.pieces", "node.api_docs"}
"""Mails stay in their reader's language; the collection of pieces and the API are named as in the code."""
JARGON = re.compile(r"\b(cashless|assets?|tokens?|tenants?|webhooks?|node ids?|jetons?)\b", re.IGNORECASE)
"""docs/words.md, "How screens speak": never on a public screen. The page of the API is for programmers."""
OVERFLOWING = """
() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > width + 0.5)
    .slice(0, 6).map((one) => one.outerHTML.slice(0, 120));
}
"""


class Beholder:
    """One person's browser on the house, watched."""

    def __init__(self, context: BrowserContext) -> None:
        self.page: Page = context.new_page()
        self.watch = Watch(self.page)

    def look(self, name: str, node: DemoNode) -> None:
        where = screens.address(name, node, self.page)
        self.watch.troubles.clear()
        self.watch.expected = {200, 204, 303, 304, EXPECTED.get(name, 200)}
        answer = self.page.goto(where)
        assert answer is not None
        assert answer.status == EXPECTED.get(name, 200)


@pytest.mark.parametrize("name", screens.names())
def test_every_screen(name: str, house: DemoNode, open_context: Callable[..., BrowserContext]) -> None:
    for language in ("fr", "en"):
        for is_dark in (False, True):
            _look(name, house, open_context, language, is_dark=is_dark)


def _look(
    name: str, house: DemoNode, open_context: Callable[..., BrowserContext], language: str, *, is_dark: bool
) -> None:
    context = open_context(language, is_dark=is_dark, is_team=not screens.is_public(name))
    beholder = Beholder(context)
    beholder.look(name, house)
    page, which = beholder.page, f"{name}, {language}, {'dark' if is_dark else 'light'}"
    assert page.locator("html").get_attribute("lang") == language, which
    assert page.locator("h1").count() == 1 or name == "agenda.embed", which
    if name not in IN_ANOTHER_LANGUAGE:
        assert foreign_words(page, language) == [], which
    if screens.is_public(name) and name != "node.api_docs":
        assert JARGON.findall(page.locator("body").inner_text()) == [], which
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        assert page.evaluate(OVERFLOWING) == [], f"{which}: wider than {width}"
        if language == "fr" and width in LOOKED_AT_BY_AXE:
            assert grave_findings(page) == [], f"{which} at {width}"
    assert beholder.watch.troubles == [], which
    context.close()


def test_every_door_with_a_variable_part_has_an_example() -> None:
    without = [
        door.name for door in screens.doors() if "{" in door.path and door.name not in screens.EXAMPLES
    ]
    assert without == [], "say in tests/browser/screens.py where a browser can see these screens"
