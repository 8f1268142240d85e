"""One demonstration village and one browser for all browser tests of a worker."""

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from node.demo.steps import Evening, village_stands
from node.demo.village import DemoNode
from tests.browser import between_nodes
from tests.browser.till_page import Till
from tests.browser.watching import BREACHED, REPORT, Watch, log_of
from tests.machine import chromium
from tests.villages import village_at

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 60_000
"""Milliseconds for what a calm machine does at once: nothing here judges speed."""
LOCALES = {"fr": "fr-FR", "en": "en-GB"}
Visit = Callable[..., Page]
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="package")
def village(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[DemoNode]]:
    """Three nodes that are each other's peers."""
    with village_at(tmp_path_factory.mktemp("village")) as nodes:
        village_stands(Evening(nodes))
        between_nodes.NEIGHBOURS[:] = nodes[1:]
        yield nodes
        # No browser may have told a breach of the content policy, and no answer may have been a crash.
        for number, node in enumerate(nodes):
            assert REPORT not in log_of(node) or number == BREACHED, node.name
            assert "crashed" not in log_of(node), node.name


@pytest.fixture(scope="package")
def house(village: list[DemoNode]) -> DemoNode:
    """The node that the tests look at."""
    return village[0]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium, without a window."""
    # The driver runs on its own node; settings meant for this machine's node may not suit it.
    os.environ.pop("NODE_OPTIONS", None)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture(scope="package")
def team_cookies(house: DemoNode, browser: Browser) -> list[object]:
    """The cookies of the administrator, who opened the demonstration's link."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(house.url + house.secrets["admin_sign_in"])
    cookies = [cookie for cookie in context.cookies() if cookie["name"].startswith("hameau")]
    context.close()
    return list(cookies)


@pytest.fixture
def open_context(
    browser: Browser, house: DemoNode, team_cookies: list[object]
) -> Iterator[Callable[..., BrowserContext]]:
    """A function that opens a browser: language, colours, signed in or not, with or without scripts."""
    opened: list[BrowserContext] = []

    def open_one(
        language: str = "fr", *, is_dark: bool = False, is_team: bool = False, scripts: bool = True
    ) -> BrowserContext:
        context = browser.new_context(
            locale=LOCALES[language],
            color_scheme="dark" if is_dark else "light",
            java_script_enabled=scripts,
            viewport={"width": 1280, "height": 900},
            timezone_id="Europe/Paris",
        )
        context.set_default_timeout(PATIENCE)
        if is_team:
            context.add_cookies(team_cookies)  # type: ignore[arg-type]
        opened.append(context)
        return context

    yield open_one
    for context in opened:
        context.close()


@pytest.fixture(scope="package")
def lend_context(browser: Browser, team_cookies: list[object]) -> Iterator[Callable[..., BrowserContext]]:
    """A function that lends a browser for one screen: nobody's or the team's, its files already fetched."""
    kept: dict[tuple[str, bool], BrowserContext] = {}

    def lend(language: str, *, is_team: bool) -> BrowserContext:
        key = language, is_team
        if key not in kept:
            kept[key] = browser.new_context(locale=LOCALES[language], timezone_id="Europe/Paris")
            kept[key].set_default_timeout(PATIENCE)
        kept[key].clear_cookies()
        if is_team:
            kept[key].add_cookies(team_cookies)  # type: ignore[arg-type]
        return kept[key]

    yield lend
    for context in kept.values():
        context.close()


@pytest.fixture
def watched(open_context: Callable[..., BrowserContext]) -> Iterator[Callable[..., tuple[Page, Watch]]]:
    """Like `open_context`, giving a page that must have nothing to complain of in the end."""
    watches: list[Watch] = []

    def open_page(language: str = "fr", **more: bool) -> tuple[Page, Watch]:
        page = open_context(language, **more).new_page()
        watch = Watch(page)
        watches.append(watch)
        return page, watch

    yield open_page
    for watch in watches:
        assert not watch.troubles, watch.troubles


@pytest.fixture
def till(house: DemoNode, open_context: Callable[..., BrowserContext]) -> Iterator[Till]:
    """A till's page that a manager has taken; in the end nothing went wrong in it."""
    made = Till(open_context("fr"), house)
    made.open()
    yield made
    assert made.troubles == []
