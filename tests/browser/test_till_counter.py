"""An evening at one till, through its screens: vouchers, weights, cups, tips, receipts, training, drawer."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from node.demo.steps import ask
from node.demo.village import DemoNode
from tests.browser.axe import grave_findings
from tests.browser.till_page import Till

EMPTY_CARD = "04A1B2C3D4E586"
OTHER_CARD = "04A1B2C3D4E583"
STAFF_CARD = "6C41F2A9"
LOST_CARD = "04A1B2C3D4E585"


def _go_to(till: Till, point: str) -> None:
    till.page.locator(".rail-verb", has_text=point).click()


def _paid(till: Till, words: str) -> None:
    expect(till.page.locator(".paid")).to_contain_text(words)
    till.press("next")


def test_vouchers_weights_free_prices_cups_tips_and_two_passes(till: Till) -> None:
    page = till.page
    till.press("top_up")
    till.answer("Vendre un bon cadeau")
    till.tap(EMPTY_CARD)
    till.type("300")
    expect(page.locator(".order li")).to_contain_text("Bon cadeau")
    till.pay_cash()
    _paid(till, "3,00")
    _go_to(till, "Cuisine")
    till.add("Tomme de brebis")
    till.type("350")
    expect(page.locator(".order li")).to_contain_text("0,350 kg × 24,00 €")
    till.add("Prix libre")
    till.type("700")
    till.more("tip")
    till.type("50")
    till.press("pay other")
    till.answer("Chèque")
    till.press("take")
    _paid(till, "15,90")
    page.locator(".tile.sold-out").click(force=True)
    expect(page.locator(".order li")).to_have_count(0)
    _go_to(till, "Bar")
    till.add("Gobelet consigné", 2)
    expect(page.locator(".order-sum")).to_contain_text("À rendre")
    till.press("pay cash")
    till.press("take")
    _paid(till, "−2,00")
    till.add("Bouteille de rouge", 5)
    till.press("pay pass")
    till.tap(LOST_CARD)
    expect(page.get_by_role("heading", name="Cette carte est déclarée perdue")).to_be_visible()
    till.press("back")
    till.tap(EMPTY_CARD)
    expect(page.locator(".missing")).to_contain_text("Rien n’est encore payé")
    till.press("pay pass")
    till.tap(OTHER_CARD)
    expect(page.locator(".missing .sums")).to_contain_text("70,00")
    till.press("pay card")
    till.press("take")
    _paid(till, "70,00")
    means = [sorted(set(paid)) for _, _, paid in reversed(till.sales())]
    assert means == [["cash"], ["cheque"], ["cash"], ["card_terminal", "pass"]]


def test_the_drawer_receipts_and_what_goes_back(till: Till) -> None:
    page = till.page
    for key, digits, reason in (("cash.float", "5000", ""), ("cash.out", "1500", "Achat")):
        till.more(key)
        till.type(digits)
        if reason:
            till.answer(reason)
            page.keyboard.press("Enter")
        till.answer("J’ai compris")
    till.add("Pinte blonde", 3)
    till.pay_cash()
    till.press("receipt")
    till.answer("Montrer un code QR")
    expect(page.get_by_role("img", name="Code QR du reçu")).to_be_visible()
    address = page.locator("dialog .address").inner_text()
    assert page.request.get(address).ok
    page.keyboard.press("Escape")
    till.press("receipt")
    till.answer("Envoyer par e-mail")
    page.keyboard.type("lou@example.org")
    page.keyboard.press("Enter")
    expect(page.locator("dialog")).to_contain_text("Il arrive à lou@example.org")
    till.answer("J’ai compris")
    till.press("receipt")
    till.answer("Montrer à l’écran")
    expect(page.get_by_role("dialog", name="DUPLICATA")).to_contain_text("16,50")
    assert grave_findings(page) == []
    page.keyboard.press("Escape")
    till.press("next")
    till.more("history")
    page.locator(".sale-row").first.click()
    till.answer("Rendre une partie")
    till.press("plus 0")
    till.press("go")
    till.answer("Article rendu")
    page.keyboard.press("Enter")
    page.locator("dialog .cancel").click()
    expect(page.locator("dialog")).to_contain_text("Je rends 5,50 € en espèces")
    till.answer("J’ai compris")
    expect(page.locator(".sale-row").nth(1)).to_contain_text("rendue en partie")
    assert [total for _, total, _ in till.sales()] == [-550, 1950]


def test_training_a_staff_card_and_another_operator_in_the_middle_of_an_order(
    till: Till, house: DemoNode, open_context: Callable[..., BrowserContext]
) -> None:
    page = till.page
    till.more("training")
    page.locator("dialog .cancel").click()
    simulation = page.locator(".band", has_text="SIMULATION")
    expect(simulation).to_be_visible()
    till.add("Café")
    till.pay_cash()
    expect(simulation).to_be_visible()
    till.press("receipt")
    till.answer("Montrer à l’écran")
    expect(page.locator(".paper")).to_contain_text("SIMULATION")
    page.keyboard.press("Escape")
    till.press("next")
    till.more("training.end")
    expect(simulation).to_have_count(0)
    _link_staff_card(open_context("fr", is_team=True), house)
    till.add("Café")
    till.press("operator")
    page.get_by_role("heading", name="Qui vend").wait_for()
    till.read(STAFF_CARD)
    expect(page.locator(".who")).to_contain_text("Équipe 1")
    expect(page.locator(".order li")).to_contain_text("Café")
    till.press("more")
    expect(page.locator("[data-key='close']")).to_have_count(0)
    page.keyboard.press("Escape")
    till.pay_cash()
    assert [total for _, total, _ in till.sales()] == [120]


def _link_staff_card(office: BrowserContext, house: DemoNode) -> None:
    page = office.new_page()
    page.goto(f"{house.url}/admin/tills/operators")
    page.get_by_role("link", name="Équipe 1").click()
    number = next(
        one["number"]
        for one in ask(house, "GET", "/api/v1/cards?limit=100")["items"]
        if one["uid"] == STAFF_CARD
    )
    page.fill("[name=card]", number)
    page.press("[name=card]", "Enter")
    page.wait_for_load_state()


def test_an_order_goes_to_another_point_without_what_is_not_sold_there(till: Till) -> None:
    page = till.page
    till.add("Pinte blonde")
    expect(page.locator(".order li")).to_have_count(2)
    _go_to(till, "Cuisine")
    expect(page.get_by_role("dialog", name="Cuisine ne vend pas tout cela")).to_contain_text("Pinte blonde")
    till.answer("Revenir")
    expect(page.locator(".order li")).to_have_count(2)
    _go_to(till, "Cuisine")
    till.answer("Aller à Cuisine")
    expect(page.locator(".order li")).to_have_count(0)
    till.press("search")
    page.locator("#wanted").fill("Pinte")
    expect(page.locator("dialog")).to_contain_text("Aucun article n’a ce nom")
    page.keyboard.press("Escape")
    till.add("Prix libre")
    till.type("400")
    till.pay_cash()
    _paid(till, "4,00")
