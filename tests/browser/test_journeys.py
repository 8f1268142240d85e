"""What people do from the first page to the last: with the keyboard alone, and with scripts turned off."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from node.demo.steps import wait_until
from node.demo.village import DemoNode
from tests.browser import screens
from tests.browser.axe import grave_findings
from tests.browser.conftest import PATIENCE
from tests.browser.keyboard import focus_problems, press, tab_to, write
from tests.browser.watching import BREACHED, REPORT, Watch, log_of

Open = Callable[..., BrowserContext]
Watched = Callable[..., tuple[Page, Watch]]
CODE = re.compile(r"\b(\d{3})[\s\xa0](\d{3})\b")
CODE_PAGE = re.compile(r"/sign-in/code/")
EVENT_PAGE = re.compile(r"/admin/events/[0-9a-f-]{36}$")
SEEN = ("node.home", "agenda.list", "agenda.event", "people.sign_in")
SEEN_BY_THE_TEAM = (
    "node.office",
    "agenda.admin.events",
    "agenda.admin.new",
    "node.settings",
    "people.office",
)


def test_the_first_press_of_tab_leads_to_the_content(house: DemoNode, watched: Watched) -> None:
    page, _ = watched("fr")
    page.goto(f"{house.url}/agenda")
    page.keyboard.press("Tab")
    skip = page.locator("a.skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


@pytest.mark.parametrize("name", [*SEEN, *SEEN_BY_THE_TEAM])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_focus_is_always_visible(name: str, width: int, house: DemoNode, watched: Watched) -> None:
    page, _ = watched("fr", is_team=name in SEEN_BY_THE_TEAM)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(screens.address(name, house, page))
    assert focus_problems(page, 30) == []


@pytest.mark.parametrize("where", ["/", "/admin"])
def test_the_menu_of_a_phone_opens_and_closes_by_keyboard(
    where: str, house: DemoNode, watched: Watched
) -> None:
    page, _ = watched("fr", is_team=where == "/admin")
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(house.url + where)
    word, first = page.locator("details.menu summary"), page.locator("header nav a").first
    expect(first).not_to_be_visible()
    press(page, word)
    expect(first).to_be_visible()
    page.keyboard.press("Tab")
    expect(first).to_be_focused()
    page.keyboard.press("Escape")
    expect(first).not_to_be_visible()
    expect(word).to_be_focused()


def code_of(page: Page, house: DemoNode, email: str) -> str:
    """The code in the newest mail to this address, read on the demonstration's page of mails."""
    reader = page.context.new_page()
    reader.goto(f"{house.url}/demo/mails")
    mail = reader.locator("article", has_text=email).first
    found = CODE.search(mail.inner_text())
    assert found
    reader.close()
    return "".join(found.groups())


def test_signing_in_with_a_code_by_keyboard(house: DemoNode, watched: Watched) -> None:
    page, _ = watched("fr")
    email = "visiteuse.clavier@example.org"
    page.goto(house.url)
    press(page, page.locator("header a[href='/sign-in']"))
    page.wait_for_url("**/sign-in")
    write(page, "email", email)
    page.keyboard.press("Enter")
    page.wait_for_url(CODE_PAGE)
    write(page, "code", code_of(page, house, email))
    page.keyboard.press("Enter")
    page.wait_for_url("**/my")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    press(page, page.locator("main form[action='/sign-out'] button, form[action='/sign-out'] button").first)
    page.wait_for_url(re.compile(r"/(sign-in)?$"))


def test_a_wrong_code_says_what_to_do(house: DemoNode, watched: Watched) -> None:
    page, watch = watched("fr")
    watch.expected |= {422}
    page.goto(f"{house.url}/sign-in")
    page.fill("[name=email]", "visiteur.presse@example.org")
    page.keyboard.press("Enter")
    page.wait_for_url(CODE_PAGE)
    page.fill("[name=code]", "000 000")
    page.keyboard.press("Enter")
    field = page.locator("[name=code][aria-invalid=true]")
    expect(field).to_be_visible()
    told = field.get_attribute("aria-describedby") or ""
    assert any(page.locator(f"#{part}").is_visible() for part in told.split()), (
        "the sentence is linked to the field"
    )
    assert grave_findings(page) == []


def _an_event_by_keyboard(page: Page, house: DemoNode, name: str) -> None:
    page.goto(f"{house.url}/admin/events")
    press(page, page.locator("main a[href='/admin/events/new']").first)
    page.wait_for_url("**/admin/events/new")
    write(page, "name", name)
    # The order of day and month, and the need of a.m. or p.m., depend on the browser: this is right in all.
    write(page, "start_day", "06062027")
    write(page, "start_time", "0830p")
    press(page, page.locator("button[name=then][value=publish]"))
    page.wait_for_url(EVENT_PAGE)


def test_an_event_from_draft_to_undo_by_keyboard(house: DemoNode, watched: Watched) -> None:
    page, _ = watched("fr", is_team=True)
    name = "Lecture au clavier"
    _an_event_by_keyboard(page, house, name)
    expect(page.locator("h1")).to_have_text(name)
    press(page, page.locator("a[href$='/ask/cancel']"))
    page.wait_for_url("**/ask/cancel")
    write(page, "note", "La salle est fermée.")
    press(page, page.locator("main form button.cancel"))
    page.wait_for_url(EVENT_PAGE)
    expect(page.locator("main")).to_contain_text("La salle est fermée.")
    press(page, page.locator(".toast-verb"))
    page.wait_for_url(EVENT_PAGE)
    expect(page.locator("main")).not_to_contain_text("La salle est fermée.")
    page.goto(f"{house.url}/agenda?q=clavier")
    expect(page.locator("main")).to_contain_text(name)


def test_the_same_journey_without_scripts(house: DemoNode, open_context: Open) -> None:
    page = open_context("fr", scripts=False).new_page()
    email = "odile@escargotiere.example"
    page.goto(f"{house.url}/sign-in")
    page.fill("[name=email]", email)
    page.click("main form button")
    page.wait_for_url(CODE_PAGE)
    page.fill("[name=code]", code_of(page, house, email))
    page.click("main form button")
    page.wait_for_url(re.compile(r"/(my|admin)$"))
    _an_event_without_scripts(page, house, "Lecture sans script")


def _an_event_without_scripts(page: Page, house: DemoNode, name: str) -> None:
    page.goto(f"{house.url}/admin/events/new")
    page.fill("[name=name]", name)
    page.fill("[name=start_day]", "2027-06-15")
    page.fill("[name=start_time]", "20:30")
    page.click("button[name=then][value=publish]")
    page.wait_for_url(EVENT_PAGE)
    expect(page.locator("h1")).to_have_text(name)
    page.click("a[href$='/ask/cancel']")
    page.fill("[name=note]", "La salle est fermée.")
    page.click("main form button.cancel")
    page.wait_for_url(EVENT_PAGE)
    expect(page.locator("main")).to_contain_text("La salle est fermée.")
    page.click(".toast-verb")
    page.wait_for_url(EVENT_PAGE)
    page.goto(f"{house.url}/agenda?q=script")
    expect(page.locator("main")).to_contain_text(name)


def test_the_menu_of_a_phone_without_scripts(house: DemoNode, open_context: Open) -> None:
    page = open_context("fr", scripts=False).new_page()
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(house.url)
    page.click("details.menu summary")
    page.click("header nav a[href='/agenda']")
    page.wait_for_url("**/agenda")


def test_search_and_filters_without_scripts(house: DemoNode, open_context: Open) -> None:
    page = open_context("fr", scripts=False).new_page()
    page.goto(f"{house.url}/agenda")
    page.fill("[name=q]", "rienquiressemble")
    page.press("[name=q]", "Enter")
    page.wait_for_url("**q=rienquiressemble**")
    expect(page.locator("main .empty")).to_be_visible()


def test_language_and_evening_colours_are_remembered(house: DemoNode, watched: Watched) -> None:
    page, _ = watched("fr")
    page.goto(f"{house.url}/agenda")
    tab_to(page, page.locator("button[value=en]"))
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.click("[data-theme-switch]")
    expect(page.locator("html")).to_have_attribute("data-theme", "evening")
    page.goto(f"{house.url}/help")
    expect(page.locator("html")).to_have_attribute("data-theme", "evening")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_an_event_is_seen_at_the_neighbours_at_once(
    house: DemoNode, village: list[DemoNode], watched: Watched
) -> None:
    page, _ = watched("fr", is_team=True)
    name = "Cueillette au village"
    _an_event_by_keyboard(page, house, name)
    for neighbour in village[1:]:
        there, _ = watched("fr")
        until = time.monotonic() + PATIENCE / 1000
        while time.monotonic() < until:
            there.goto(f"{neighbour.url}/agenda?q=cueillette")
            if there.locator("main", has_text=name).count():
                break
            there.wait_for_timeout(100)
        card = there.locator(".event-card", has_text=name).first
        expect(card).to_contain_text("L’Escargotière")


def test_a_breach_of_the_content_policy_is_seen_and_told(village: list[DemoNode], open_context: Open) -> None:
    node = village[BREACHED]
    page = open_context("fr").new_page()
    watch = Watch(page)
    page.goto(node.url)
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    wait_until("the node's log tells the report", lambda: REPORT in log_of(node), 60)
    assert any("style-src" in trouble for trouble in watch.troubles)
