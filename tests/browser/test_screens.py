"""Every screen, every width, both languages, both sets of colours: nothing broken, nothing foreign."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from node.demo.village import DemoNode
from tests.browser import screens
from tests.browser.axe import grave_colours, grave_findings
from tests.browser.watching import Watch
from tests.browser.words import foreign_words

Lend = Callable[..., BrowserContext]
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
    """One person's browser on the house, watched; each screen is opened once, in the light."""

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

    def darken(self) -> None:
        """The evening comes while the screen is shown; its colours change at once."""
        self.page.emulate_media(color_scheme="dark", reduced_motion="reduce")


@pytest.mark.parametrize("name", screens.names())
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_screen(name: str, language: str, house: DemoNode, lend_context: Lend) -> None:
    beholder = Beholder(lend_context(language, is_team=not screens.is_public(name)))
    beholder.look(name, house)
    _says_what_it_should(beholder.page, name, language)
    _fits(beholder.page, f"{name}, {language}")
    if language == "fr":  # colours and names are those of the other language
        _is_for_everybody(beholder.page, name, grave_findings)
        beholder.darken()
        _is_for_everybody(beholder.page, f"{name}, dark", grave_colours)
    assert beholder.watch.troubles == []
    beholder.page.close()


def _says_what_it_should(page: Page, name: str, language: str) -> None:
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("h1").count() == 1 or name == "agenda.embed"
    if name not in IN_ANOTHER_LANGUAGE:
        assert foreign_words(page, language) == []
    if screens.is_public(name) and name != "node.api_docs":
        assert JARGON.findall(page.locator("body").inner_text()) == []


def _fits(page: Page, which: str) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        assert page.evaluate(OVERFLOWING) == [], f"{which}: wider than {width}"


def _is_for_everybody(page: Page, which: str, axe: Callable[[Page], list[str]]) -> None:
    for width in LOOKED_AT_BY_AXE:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        assert axe(page) == [], f"{which} at {width}"


def test_every_door_with_a_variable_part_has_an_example() -> None:
    without = [
        door.name for door in screens.doors() if "{" in door.path and door.name not in screens.EXAMPLES
    ]
    assert without == [], "say in tests/browser/screens.py where a browser can see these screens"
