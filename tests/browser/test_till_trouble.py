"""What goes wrong at a till in the middle of a sale, and how it gets out of it without losing anything."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Route, expect

from node.demo.steps import ask
from node.demo.village import DemoNode
from tests.browser.axe import grave_findings
from tests.browser.till_page import CARD, MANAGER, Till

SELLER = "1111"
SPOIL = "async () => { (await import('/static/till/state.js')).state.operator.token = 'hto_over'; }"
LOCK = "async () => (await import('/static/till/idle.js')).lockWhenIdle(Date.now() + 16 * 60_000)"
COFFEE = "Café"


@pytest.fixture
def coffee(house: DemoNode) -> Iterator[Callable[[int], None]]:
    """A function that gives coffee another price; in the end it has its own again."""
    one = next(
        one for one in ask(house, "GET", "/api/v1/products?limit=100")["items"] if one["name"] == COFFEE
    )

    def price(amount: int) -> None:
        ask(house, "PATCH", f"/api/v1/products/{one['id']}", {"prices": [{"name": "", "amount": amount}]})

    yield price
    price(one["prices"][0]["amount"])


def test_an_operator_whose_time_is_over_gives_a_pin_and_the_sale_goes_on(till: Till) -> None:
    page = till.page
    till.add(COFFEE)
    till.press("pay cash")
    till.press("exact")
    page.evaluate(SPOIL)
    till.press("take")
    till.answer("J’ai compris")
    page.get_by_role("heading", name="Qui vend").wait_for()
    page.keyboard.type(SELLER)
    page.keyboard.press("Enter")
    expect(page.locator(".paid")).to_contain_text("1,20")
    till.press("next")
    assert [total for _, total, _ in till.sales()] == [120]
    till.add("Tartine")
    assert page.evaluate(LOCK)
    till.press("status shop")
    till.press("on")
    till.identify(MANAGER)
    expect(page.locator(".order li")).to_contain_text("Tartine")


def test_a_price_that_changed_is_said_and_the_order_follows(
    till: Till, coffee: Callable[[int], None]
) -> None:
    page = till.page
    till.add(COFFEE, 2)
    till.add("Tartine")
    coffee(150)
    till.press("pay cash")
    till.press("exact")
    till.press("take")
    expect(page.locator("dialog")).to_contain_text("Café : 1,50 € au lieu de 1,20 €. Rien n’est encore payé.")
    till.answer("J’ai compris")
    expect(page.locator(".order-sum output")).to_have_text("7,50 €")
    till.pay_cash()
    assert [total for _, total, _ in till.sales()] == [750]


def test_what_the_node_refuses_after_the_line_is_back_stays_until_somebody_settles_it(
    till: Till, house: DemoNode
) -> None:
    page = till.page
    till.add(COFFEE)
    till.context.set_offline(True)
    till.press("on")
    till.pay_cash()
    till.press("next")
    point = ask(house, "GET", "/api/v1/points-of-sale")["items"][0]
    page.route("**/api/pos/v1/sales", lambda route: route.fulfill(status=404, body=REFUSAL))
    till.context.set_offline(False)
    band = page.locator(".band", has_text="1 opération gardée n’a pas été acceptée")
    expect(band).to_be_visible()
    page.unroute("**/api/pos/v1/sales")
    assert point["archived_at"] is None
    with page.expect_request("**/api/pos/v1/session") as heard:
        page.reload()
    assert heard.value.headers["hameau-waiting"] == "1", "the office is told what waits"
    expect(band).to_be_visible()
    band.get_by_role("button").click()
    expect(page.locator(".sales")).to_contain_text("Ce point de vente est archivé")
    assert grave_findings(page) == []
    with page.expect_download() as saved:
        till.press("copy")
    [kept] = json.loads(saved.value.path().read_text("utf-8"))["operations"]
    assert (kept["state"], kept["body"]["total"]) == ("refused", 120)
    assert kept["signature"]
    page.locator("[data-kept]").click()
    till.answer("Envoyer de nouveau")
    expect(page.get_by_text("Cette caisse ne garde rien")).to_be_visible()
    till.press("back")
    expect(band).to_have_count(0)
    assert [total for _, total, _ in till.sales()] == [120]


REFUSAL = json.dumps(
    {"type": "https://hameau.example/problems/point_unknown", "detail": "Ce point de vente est archivé."}
)


def test_a_till_that_is_taken_out_of_service_says_so_and_saves_what_it_kept(
    till: Till, house: DemoNode, open_context: Callable[..., BrowserContext]
) -> None:
    page = till.page
    till.context.set_offline(True)
    till.press("on")
    till.add(COFFEE)
    till.pay_cash()
    till.press("next")
    office = open_context("fr", is_team=True).new_page()
    office.goto(f"{house.url}/admin/tills/{page.evaluate(DEVICE)}")
    office.get_by_role("link", name="Mettre hors service").click()
    expect(office.get_by_role("heading", name="Mettre cette caisse hors service ?")).to_be_visible()
    office.get_by_role("button", name="Mettre hors service").click()
    office.wait_for_url("**/admin/tills")
    till.context.set_offline(False)
    expect(page.get_by_role("heading", name="Cette caisse est bloquée")).to_be_visible()
    till.press("on")
    expect(page.locator("dialog")).to_contain_text("1 opération serait perdue")
    with page.expect_download():
        till.answer("Garder une copie")
    till.answer("Effacer cette caisse")
    expect(page.get_by_role("heading", name="Je relie cette caisse")).to_be_visible()


DEVICE = "async () => (await import('/static/till/state.js')).state.device.id"


def test_a_wrong_clock_is_said(house: DemoNode, open_context: Callable[..., BrowserContext]) -> None:
    till = Till(open_context("fr"), house)
    till.page.clock.install()
    till.page.clock.fast_forward(timedelta(hours=1).seconds * 1000)
    till.page.clock.resume()
    till.open()
    expect(till.page.locator(".band")).to_contain_text("en avance de 60 minutes")
    till.add(COFFEE)
    till.pay_cash()
    assert len(till.sales()) == 1


def test_a_till_says_why_it_asks_for_the_card_again(till: Till) -> None:
    page = till.page
    told = iter(("tap_over", "tap_elsewhere"))

    def refuse(route: Route) -> None:
        name = next(told)
        problem = {"type": f"/problems/{name}", "status": 410, "detail": f"La raison : {name}."}
        route.fulfill(status=410, content_type="application/problem+json", body=json.dumps(problem))

    page.route("**/api/pos/v1/sales", refuse, times=2)
    till.add(COFFEE)
    till.press("pay pass")
    for words in ("Deux minutes ont passé", "La raison : tap_elsewhere. Rien n’est encore payé."):
        till.tap(CARD)
        asked = page.get_by_role("dialog", name="Il faut approcher le Pass encore une fois")
        expect(asked).to_contain_text(words)
        till.answer("J’ai compris")
    till.tap(CARD)
    expect(page.locator(".paid")).to_contain_text("1,20")
    assert [total for _, total, _ in till.sales()] == [120]


def test_the_end_of_a_payment_whose_answer_was_lost_is_told_by_itself(till: Till) -> None:
    page = till.page
    refusal = {"type": "/problems/card_lost", "status": 409, "detail": "Cette carte est déclarée perdue."}

    def write_and_lose(route: Route) -> None:
        assert route.fetch().status == 201
        route.abort()

    def refuse(route: Route) -> None:
        route.fulfill(status=409, content_type="application/problem+json", body=json.dumps(refusal))

    page.route("**/api/pos/v1/sales", write_and_lose, times=1)
    till.add(COFFEE)
    till.press("pay pass")
    till.tap(CARD)
    expect(page.locator(".paid")).to_contain_text("1,20")
    till.press("next")
    page.route("**/api/pos/v1/sales", refuse, times=1)
    page.route("**/api/pos/v1/sales", lambda route: route.abort(), times=1)
    till.add(COFFEE)
    till.press("pay pass")
    till.tap(CARD)
    expect(page.locator("dialog")).to_contain_text("Rien n’est encore payé")
    till.answer("J’ai compris")
    expect(page.locator(".order li")).to_contain_text(COFFEE)
    assert [total for _, total, _ in till.sales()] == [120]
