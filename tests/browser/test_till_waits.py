"""A neighbour that does not answer: the till waits with words, goes on, and learns the end by itself."""

import os
import signal
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, expect

from node.demo.village import DemoNode
from tests.browser.axe import grave_findings
from tests.browser.till_page import Till
from tests.waiting import until

CARD = "04B7C8D9E0F183"
"""A chip of the neighbour, with money on it."""
PAYABLE = """
async (uid) => {
  const { ask } = await import("/static/till/api.js");
  const known = await ask("POST", "/taps", { body: { uid } }).catch(() => null);
  return known?.value.payable ?? 0;
}
"""
LOSE_THE_ANSWER = """
const send = globalThis.fetch;
const asked = new Set();
globalThis.fetch = async (address, options = {}) => {
  const path = new URL(address, location.href).pathname;
  const id = path.endsWith("/pos/v1/sales") && options.method === "POST" ? JSON.parse(options.body).id : null;
  if (!id || asked.has(id)) return send(address, options);
  asked.add(id);
  await globalThis.neighbourStops();
  send(address, { ...options, signal: undefined }).catch(() => {});
  for (;;) {
    const answer = await send(`${path}/${id}`, { headers: options.headers });
    if (answer.ok && (await answer.json()).waits_for) throw new TypeError("the answer is lost");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};
"""
"""The till sends a sale, its neighbour stops, and no answer comes once the node waits for the neighbour."""
ASKED_AGAIN = 180_000
"""Milliseconds: what did not answer is asked again after a minute at the latest."""
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
    expect(page.locator(".notice")).to_contain_text("La vente de 1,20 € est annulée", timeout=ASKED_AGAIN)
    assert [total for _, total, _ in till.sales()] == [-120, 120]
    assert till.troubles == []


@pytest.fixture
def patient(house: DemoNode) -> Iterator[DemoNode]:
    """The house, with tills that wait for a neighbour until a test lets it answer."""
    _serve(house, "tests.browser.patient")
    yield house
    _serve(house, "node.serving")


def test_a_sale_that_a_neighbour_is_slow_to_answer_is_waited_for_or_left_and_ends_by_itself(
    patient: DemoNode, village: list[DemoNode], open_context: Callable[..., BrowserContext]
) -> None:
    till = Till(open_context("fr"), patient)
    till.page.expose_function("neighbourStops", lambda: _freeze(village[1]))
    till.page.add_init_script(LOSE_THE_ANSWER)
    till.open()
    page = till.page
    waiting = page.get_by_role("heading", name="J’attends la réponse de")
    try:
        _pay(till)
        # The answer got lost on its way to the till: it asks again, and learns for whom the node waits.
        expect(waiting).to_be_visible()
        assert grave_findings(page) == []
        _thaw(village[1])
        expect(page.locator(".paid")).to_contain_text("Loriots", timeout=ASKED_AGAIN)
        till.press("next")
        _pay(till)
        expect(waiting).to_be_visible()
        till.press("back")
        expect(page.locator(".notice")).to_contain_text("n’a pas encore répondu")
        till.more("kept")
        page.locator("[data-kept]").click()
        expect(waiting).to_be_visible()
        till.press("back")
        till.press("back")
    finally:
        _thaw(village[1])
    expect(page.locator(".notice")).to_contain_text("Le Pass d’un voisin a payé 1,20", timeout=ASKED_AGAIN)
    assert [total for _, total, _ in till.sales()][:2] == [120, 120]
    assert till.troubles == []


def _pay(till: Till) -> None:
    """A coffee, with the neighbour's Pass: it stops when the sale is sent, and the answer is lost."""
    _wait_for_agreement(till)
    till.add("Café")
    till.press("pay pass")
    till.tap(CARD)


def _serve(node: DemoNode, program: str) -> None:
    node.stop()
    node.program = program
    node.start()
    node.wait_until_ready()


def _wait_for_agreement(till: Till) -> None:
    until("the neighbours agree", lambda: till.page.evaluate(PAYABLE, CARD) >= 120, AGREED, every=0.5)


def _freeze(node: DemoNode) -> None:
    assert node.process
    os.kill(node.process.pid, signal.SIGSTOP)


def _thaw(node: DemoNode) -> None:
    assert node.process
    os.kill(node.process.pid, signal.SIGCONT)
