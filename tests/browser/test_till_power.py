"""The power goes: the node dies in the middle of a payment, then the browser; each sale is there once."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, expect

from node.demo.purse import verify
from node.demo.village import DemoNode
from tests.browser.conftest import FLAGS, LOCALES
from tests.browser.test_till import Till
from tests.machine import chromium

SALES = 20
COFFEE = 120
REPORT = """
async () => {
  const { ask } = await import("/static/till/api.js");
  const { state } = await import("/static/till/state.js");
  const { value } = await ask("GET", `/x-report?point=${state.point.id}`);
  return [value.totals.sales, value.totals.turnover, value.drawer.expected];
}
"""


@pytest.fixture
def profile(tmp_path: Path) -> Iterator[Path]:
    """Where one browser keeps what it knows, over its deaths."""
    yield tmp_path / "profile"
    _kill(tmp_path / "profile")


def _open(browser: Browser, profile: Path) -> BrowserContext:
    return browser.browser_type.launch_persistent_context(
        profile, executable_path=chromium(), args=list(FLAGS), locale=LOCALES["fr"]
    )


def _kill(profile: Path) -> None:
    """SIGKILL to every process of this browser, as a battery does that is empty."""
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if entry.name.isdigit() and str(profile).encode() in (entry / "cmdline").read_bytes():
                os.kill(int(entry.name), signal.SIGKILL)


def test_node_and_browser_die_and_every_sale_is_there_once(
    browser: Browser, house: DemoNode, profile: Path
) -> None:
    till = Till(_open(browser, profile), house)
    till.open()
    till.page.evaluate("() => navigator.serviceWorker.ready")
    before = till.page.evaluate(REPORT)
    for _ in range(SALES - 1):
        till.add("Café")
        till.pay_cash()
        till.press("next")
    till.add("Café")
    till.press("pay cash")
    till.press("exact")
    house.stop(signal.SIGKILL)
    till.press("take")
    expect(till.page.locator(".paid")).to_contain_text("gardée dans cette caisse")
    _kill(profile)
    with suppress(Error):
        till.context.close()

    again = Till(_open(browser, profile), house)
    again.page.goto(f"{house.url}/till/")
    expect(again.page.locator(".cut")).to_be_visible()
    house.start()
    house.wait_until_ready()
    expect(again.page.get_by_role("heading", name="La caisse est connectée")).to_be_visible(timeout=30_000)
    again.press("on")
    expect(again.page.locator(".pill").first).to_have_text("Connectée")
    sold = [number for number, _, _ in reversed(again.sales())]
    assert sold == list(range(1, SALES + 1))
    after = again.page.evaluate(REPORT)
    wanted = (SALES, SALES * COFFEE, SALES * COFFEE)
    assert tuple(now - then for now, then in zip(after, before, strict=True)) == wanted
    assert verify(house)["ok"]
    again.context.close()
