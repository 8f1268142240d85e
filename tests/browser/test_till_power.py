"""The power goes: the node dies in the middle of a payment, then the browser; each sale is there once."""

import csv
import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, expect

from node.demo.purse import card_of, holds, verify
from node.demo.village import DemoNode
from tests.browser.conftest import FLAGS, LOCALES
from tests.browser.till_page import Till
from tests.machine import ROOT, chromium

SALES = 20
BY_PASS = 2
COFFEE = 120
CARD = "04A1B2C3D4E584"
"""A chip of the demonstration with money on it, and no voucher."""
X_REPORT = """
async () => {
  const { ask } = await import("/static/till/api.js");
  const { state } = await import("/static/till/state.js");
  return (await ask("GET", `/x-report?point=${state.point.id}`)).value;
}
"""
CLOSED = """
async () => {
  const { ask } = await import("/static/till/api.js");
  const { state } = await import("/static/till/state.js");
  const { value } = await ask("GET", `/closings?point=${state.point.id}&limit=1`);
  const series = state.device.series;
  return { series, ...value.items[0] };
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
    _close_what_others_sold(till)
    before, held = len(till.sales()), _held(house)
    for number in range(SALES - 1):
        till.add("Café")
        if number < BY_PASS:
            till.press("pay pass")
            till.tap(CARD)
            expect(till.page.locator(".paid")).to_contain_text("Ce Pass a payé")
        else:
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
    expect(again.page.get_by_role("heading", name="La caisse est connectée")).to_be_visible()
    again.press("on")
    expect(again.page.locator(".pill").first).to_have_text("Connectée")
    sold = [number for number, _, _ in reversed(again.sales())]
    assert sold == list(range(1, before + SALES + 1))
    z = _close(again)
    _agree(z, house, held - _held(house))
    assert verify(house)["ok"]
    again.context.close()


def _agree(z: dict[str, Any], house: DemoNode, spent: int) -> None:
    """The Z, the journal and the ledger, to the cent, and numbers without gap."""
    lines = [one for one in _journal(house) if one["number"].startswith(f"{z['series']}-")][1:]
    cash, by_pass = (SALES - BY_PASS) * COFFEE, BY_PASS * COFFEE
    paid = {one["key"].partition(" ")[0]: one["amount"] for one in z["totals"]["by_means"]}
    assert (z["totals"]["sales"], z["totals"]["turnover"]) == (SALES, SALES * COFFEE)
    assert paid == {"cash": cash, "pass": by_pass}
    assert (z["drawer"]["came"], z["drawer"]["difference"]) == (cash, 0)
    assert spent == by_pass
    assert [one["number"] for one in lines] == [f"{z['series']}-{one}" for one in range(2, SALES + 2)]
    assert sum(_cents(one["gross"]) for one in lines) == z["totals"]["turnover"]
    assert sum(_cents(one["vat"]) for one in lines) == z["totals"]["vat"]


def _close(till: Till) -> dict[str, Any]:
    """The drawer is counted and the day closed through the till's own screens: the Z as it is written."""
    expected = till.page.evaluate(X_REPORT)["drawer"]["expected"]
    till.more("close")
    till.answer("Taper la somme comptée")
    till.type(str(expected))
    till.type("0")
    expect(till.page.get_by_role("dialog")).to_contain_text("Le tiroir est juste")
    till.page.locator("dialog .cancel").click()
    expect(till.page.get_by_role("heading", name=re.compile("Ticket Z n°"))).to_be_visible()
    shown = till.page.locator(".report .pay-head output").inner_text()
    till.press("back")
    z: dict[str, Any] = till.page.evaluate(CLOSED)
    assert shown == f"{z['totals']['turnover'] / 100:.2f}\u00a0€".replace(".", ",")
    return z


def _close_what_others_sold(till: Till) -> None:
    till.add("Café")
    till.pay_cash()
    till.press("next")
    _close(till)


def _held(house: DemoNode) -> int:
    """What the ledger keeps for the card that pays."""
    return sum(holds(house, card_of(house, CARD)["wallet"]).values())


def _journal(house: DemoNode) -> list[dict[str, str]]:
    """The sealed journal as the treasurer takes it out: a row for each line that was sold."""
    asked = [sys.executable, "-m", "node", "export", "sales"]
    environment = os.environ | {"HAMEAU_CONFIG": str(house.config)}
    run = subprocess.run(asked, cwd=ROOT, env=environment, capture_output=True, check=True)
    return list(csv.DictReader(io.StringIO(run.stdout.decode("utf-8-sig"))))


def _cents(text: str) -> int:
    return int(text.replace(".", ""))
