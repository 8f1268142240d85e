"""A USB reader at the till: a card, the bridge, the node, each its own process, and the page in a browser."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from node.demo.purse import keys_of_cards
from node.demo.village import DemoNode
from tests.browser.axe import grave_findings
from tests.browser.test_screens import OVERFLOWING
from tests.browser.till_page import CARD, Till
from tests.pos_api.reader.processes import Bridge, HeldCard
from wallet.cards.software import SoftwareCard

PROVING = "04E5F6A7B8C9D1"
READS_BEFORE = 4000
"""More than the demonstration reads this chip: each message counts up."""
LYING = 1_500
"""Milliseconds in which a card that lies on the reader would be told again, if it were."""


@pytest.fixture
def bridges() -> Iterator[list[Bridge]]:
    """The bridges that a test starts; those that still run are ended."""
    running: list[Bridge] = []
    yield running
    for one in running:
        one.stop()


def pair(till: Till, typed: str) -> None:
    """What a volunteer does: the page of readers, the code of the window."""
    till.press("more")
    till.press("readers")
    till.page.get_by_role("button", name="Lecteur branché à cet ordinateur").click()
    field = till.page.get_by_label("Code que montre la fenêtre")
    field.fill("000 00")
    field.press("Enter")
    expect(till.page.get_by_role("alert")).to_contain_text("six chiffres")
    field.fill("111 111 / 1")
    field.press("Enter")
    expect(till.page.get_by_role("alert")).to_contain_text("Rien ne répond")
    assert grave_findings(till.page) == []
    for width in (360, 800, 1280):
        till.page.set_viewport_size({"width": width, "height": 740})
        assert till.page.evaluate(OVERFLOWING) == [], width
    field.fill(typed)
    field.press("Enter")
    expect(till.page.locator("dialog [role=status]")).to_contain_text("Le lecteur est prêt")


def proof_of(house: DemoNode) -> str:
    """The address that the chip would write for its next reading."""
    message = SoftwareCard(PROVING, keys_of_cards(house), READS_BEFORE).tap()
    return f"{house.url}/?picc_data={message.picc_data}&cmac={message.cmac}"


def test_a_card_on_the_reader_is_shown_by_the_till_and_pays(
    till: Till, house: DemoNode, bridges: list[Bridge], tmp_path: Path
) -> None:
    page = till.page
    bridge = Bridge(tmp_path)
    bridges.append(bridge)
    pair(till, bridge.until("code")["typed"])
    bridge.until("till", connected=True)
    with HeldCard(bridge, CARD):
        expect(page.locator("dialog [role=status]")).to_contain_text("Le lecteur marche")
        page.keyboard.press("Escape")
        # It lies there still: one presentation, told once.
        till.add("Café")
        till.press("pay pass")
        page.wait_for_timeout(LYING)
        expect(page.locator(".waiting")).to_be_visible()
        page.keyboard.press("Escape")
    bridge.sees_nothing()
    with HeldCard(bridge, CARD):
        expect(page.get_by_role("heading", name="Colette")).to_be_visible()
        expect(page.locator(".sum-row")).to_contain_text("€")
        till.press("back")
    bridge.sees_nothing()
    till.press("pay pass")
    with HeldCard(bridge, CARD):
        expect(page.locator(".paid")).to_contain_text("Il reste sur ce Pass")
    till.press("next")
    till.add("Café")
    till.press("pay pass")
    # A chip that proves its taps pays by its message alone, which the bridge reads from it.
    with HeldCard(bridge, PROVING, proof_of(house)):
        expect(page.locator(".paid")).to_contain_text("Il reste sur ce Pass")
    till.press("next")
    assert bridge.stop(signal.SIGINT) == (0, "")
    assert not [one for one in bridge.said if CARD in str(one)]

    expect(page.locator(".notice")).to_contain_text("Le lecteur ne répond pas")
    again = Bridge(tmp_path, port=bridge.port)
    bridges.append(again)
    again.until("till", connected=True)
    expect(page.locator(".notice")).to_contain_text("Le lecteur est branché")
    with HeldCard(again, CARD):
        expect(page.get_by_role("heading", name="Colette")).to_be_visible()


def test_a_browser_that_keeps_the_page_away_is_told_apart(till: Till) -> None:
    # Chrome asks the person about loopback only for pages from elsewhere: its "no" is played.
    till.page.evaluate("navigator.permissions.query = async () => ({ state: 'denied' })")
    found = till.page.evaluate(
        "async () => (await import('/static/till/bridge.js')).pairBridge('111 111 / 1')"
    )
    assert found == {"problem": "forbidden"}
