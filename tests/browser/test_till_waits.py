"""A neighbour that does not answer: the till waits with words, goes on, and learns the end by itself."""

import os
import signal
import time
from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from node.demo.village import DemoNode
from tests.browser.axe import grave_findings
from tests.browser.till_page import Till

CARD = "04B7C8D9E0F183"
"""A chip of the neighbour, with money on it."""
PAYABLE = """
async (uid) => {
  const { ask } = await import("/static/till/api.js");
  const known = await ask("POST", "/taps", { body: { uid } }).catch(() => null);
  return known?.value.payable ?? 0;
}
"""
AGREED = 360.0
"""Seconds: a node that found the other one still asleep does not ask it again for five minutes."""


def test_money_that_a_neighbour_gives_back_is_waited_for_found_again_and_ends_by_itself(
    house: DemoNode, village: list[DemoNode], open_context: Callable[..., BrowserContext]
) -> None:
    till = Till(open_context("fr"), house)
    till.open()
    page = till.page
    _wait_for_agreement(till)
    till.add("Café")
    till.press("pay pass")
    till.tap(CARD)
    expect(page.locator(".paid")).to_contain_text("Loriots")
    _freeze(village[1])
    try:
        till.press("undo")
        page.locator("dialog .cancel").click()
        waiting = page.get_by_role("heading", name="J’attends la réponse de")
        expect(waiting).to_be_visible()
        assert grave_findings(page) == []
        till.press("back")
        till.press("next")
        till.more("kept")
        expect(page.locator(".sales")).to_contain_text("1,20")
        page.locator("[data-kept]").click()
        expect(waiting).to_be_visible()
        till.press("back")
        till.press("back")
        page.reload()
        expect(page.locator(".tile").first).to_be_visible()
    finally:
        _thaw(village[1])
    expect(page.locator(".notice")).to_contain_text("La vente de 1,20 € est annulée")
    assert [total for _, total, _ in till.sales()] == [-120, 120]
    assert till.troubles == []


def _wait_for_agreement(till: Till) -> None:
    until = time.monotonic() + AGREED
    while till.page.evaluate(PAYABLE, CARD) < 120:
        assert time.monotonic() < until, "the neighbours did not agree"
        time.sleep(0.5)


def _freeze(node: DemoNode) -> None:
    assert node.process
    os.kill(node.process.pid, signal.SIGSTOP)


def _thaw(node: DemoNode) -> None:
    assert node.process
    os.kill(node.process.pid, signal.SIGCONT)
