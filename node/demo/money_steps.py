"""The money steps of the story, at the primary node: each is done as people do it, then looked at."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from node.demo import purse
from node.demo.browsing import Visit
from node.demo.power_cut import payments_survive
from node.demo.purse import card_of, currencies, done, expect, holds, refused
from node.demo.steps import Evening
from node.demo.village import DemoTrouble
from wallet.cards.software import SoftwareCard

LIST = """Puce;Numéro;Solde
04:11:22:33:44:55:66;NWCB 7YBY;5,00
0411223344AA77;8K67 WYA5;
9a 8b 7c 6d;M3TZ D55W;2,50
"""
TOTAL = "7,50"
OLD, NEW = "NWCB7YBY", "8K67WYA5"
LINES = [{"label": "Réparation de vélo", "amount": 900}, {"label": "Café", "amount": 120}]
GIVEN_BACK = {"monnaie-globale": 1000, "rondelles": 100}
"""What is in the wallet once 3.20 of the 10.20 were given back."""
PERSON = "agenda_editor_sign_in"
"""Somebody who has no Pass yet."""
PROVING = ("04C9D0E1F2A3B4", "X98MCBBP")
READS_BEFORE = 100
"""The chip was read this often already: the demonstration's past payments used its first reads."""


def create_currency(evening: Evening) -> None:
    office = evening.money["office"] = Visit(evening.c, "admin_sign_in")
    office.open("/admin/money/currencies/new?kind=local")
    words = {"name": "Rondelles", "symbol": "€", "where_spent": "Je paie à L’Atelier Tournevis."}
    office.send("/admin/money/currencies/new", {**words, "icon": "coins"})
    if "Rondelles" not in office.open("/admin/money/currencies"):
        raise DemoTrouble("the page of currencies does not show the new one")
    evening.money["assets"] = currencies(evening.c)
    expect("the new currency in the API", "rondelles" in evening.money["assets"], True)


def import_cards(evening: Evening) -> None:
    office, rondelles = evening.money["office"], evening.money["assets"]["rondelles"]
    office.open("/admin/money/batches/new")
    said = {"name": "Cartes de la foire", "currency": rondelles, "account": "Ancienne caisse"}
    preview = office.send("/admin/money/batches/look", said, {"file": LIST.encode()})
    if "04112233445566" not in preview:
        raise DemoTrouble("the preview does not show the chips in their one form")
    office.send("/admin/money/batches", {"total": TOTAL})
    card = card_of(evening.c, "04-11-22-33-44-55-66")
    expect("what the imported card opens with", holds(evening.c, card["wallet"]), {"rondelles": 500})
    evening.money |= {"card": card["card"], "wallet": card["wallet"]}


def load(evening: Evening) -> None:
    card, assets = {"tap": {"number": OLD}}, evening.money["assets"]
    done(evening.c, "/top-ups", {**card, "asset": assets["monnaie-globale"], "amount": 1000}, "story-load")
    done(evening.c, "/gifts", {**card, "asset": assets["bon-cadeau"], "amount": 300}, "story-gift")
    wanted = {"rondelles": 500, "monnaie-globale": 1000, "bon-cadeau": 300}
    expect("what the card holds", holds(evening.c, evening.money["wallet"]), wanted)


def _basket() -> dict[str, Any]:
    return {"lines": LINES, "payers": [{"tap": {"uid": "04112233445566"}}], "point": "Accueil"}


def spend(evening: Evening) -> None:
    paid = evening.money["paid"] = done(evening.c, "/spends", _basket(), "story-spend")
    codes = {key: code for code, key in evening.money["assets"].items()}
    sums = [(codes[one["asset"]], one["amount"]) for one in paid["sums"]]
    expect("what paid", sums, [("bon-cadeau", 300), ("rondelles", 500), ("monnaie-globale", 220)])
    for line in paid["lines"]:
        expect(f"what paid {line['label']}", sum(one["amount"] for one in line["paid"]), line["amount"])
    expect("what is left", holds(evening.c, evening.money["wallet"]), {"monnaie-globale": 780})


def repeat(evening: Evening) -> None:
    first, again = (purse.answer_of(evening.c, "/spends", _basket(), "story-spend") for _ in range(2))
    expect("the same key's answer", again.content, first.content)
    expect("the same key's transfer", again.json()["id"], evening.money["paid"]["id"])
    other = {**_basket(), "point": "Ailleurs"}
    refused(evening.c, "/spends", other, "story-spend", "conflict")
    expect("what is left", holds(evening.c, evening.money["wallet"]), {"monnaie-globale": 780})


def refund(evening: Evening) -> None:
    said = {"transfer": evening.money["paid"]["id"], "amount": 320, "reason": "Un café de trop"}
    done(evening.c, "/refunds", said, "story-refund")
    expect("what came back, the last balance first", holds(evening.c, evening.money["wallet"]), GIVEN_BACK)
    refused(evening.c, "/refunds", {**said, "amount": 701}, "story-refund-too-much", "over_charge")


def link(evening: Evening) -> None:
    phone = evening.money["phone"] = Visit(evening.c, PERSON)
    _claim(phone, OLD)
    card = card_of(evening.c, OLD)
    evening.money["wallet"] = card["wallet"]
    expect("what the person holds", holds(evening.c, card["wallet"]), GIVEN_BACK)
    if "10.00" not in phone.open("/my/money"):
        raise DemoTrouble("the page My money does not show what the card held")


def _claim(phone: Visit, number: str) -> None:
    """Link a card as its person does: its number, what it holds, yes."""
    phone.open("/my/cards")
    phone.send("/my/cards/link", {"card": number})
    phone.send("/my/cards/link", {})


def lose(evening: Evening) -> None:
    phone, card = evening.money["phone"], evening.money["card"]
    phone.open(f"/my/cards/{card}/lost")
    phone.send("/lost", {})
    refused(evening.c, "/spends", _basket(), "story-lost", "card_lost")
    expect("what the wallet still holds", holds(evening.c, evening.money["wallet"]), GIVEN_BACK)


def link_another(evening: Evening) -> None:
    _claim(evening.money["phone"], NEW)
    new = card_of(evening.c, NEW)
    expect("the wallet that the new card opens", new["wallet"], evening.money["wallet"])
    expect("what the new card holds", holds(evening.c, new["wallet"]), GIVEN_BACK)
    coffee = {"lines": LINES[1:], "payers": [{"tap": {"number": NEW}}]}
    done(evening.c, "/spends", coffee, "story-new-card")
    refused(evening.c, "/spends", _basket(), "story-still-lost", "card_lost")


def prove(evening: Evening) -> None:
    uid, number = PROVING
    chip = SoftwareCard(uid, purse.keys_of_cards(evening.c), READS_BEFORE)
    first, second = chip.tap(), chip.tap()
    coffee = {"lines": [{"label": "Café", "amount": 120}]}

    def pay(tap: dict[str, str]) -> dict[str, Any]:
        return {**coffee, "payers": [{"tap": tap}]}

    message = {"picc_data": first.picc_data, "cmac": first.cmac}
    done(evening.c, "/spends", pay(message), "story-proof")
    refused(evening.c, "/spends", pay(message), "story-replay", "card_replayed")
    mixed = {"picc_data": second.picc_data, "cmac": first.cmac}
    refused(evening.c, "/spends", pay(mixed), "story-altered", "card_altered")
    refused(evening.c, "/spends", pay({"number": number}), "story-bare", "card_unproved")


def survive(evening: Evening) -> None:
    payments_survive(evening.c, NEW, evening.money["assets"]["monnaie-globale"])


def verify(evening: Evening) -> None:
    with ThreadPoolExecutor() as pool:
        told = list(pool.map(purse.verify, evening.village))
    looked_at = [found["checked"]["ledger"] > 0 for found in told]
    expect("every ledger is looked at", looked_at, [True] * len(evening.village))


STEPS: tuple[tuple[str, Callable[[Evening], None]], ...] = (
    ("C creates a currency on screen", create_currency),
    ("C brings in a list of cards on screen: preview, total, confirmation", import_cards),
    ("an anonymous card is topped up, and receives a voucher", load),
    ("one payment takes from three balances, to the cent", spend),
    ("the same payment sent again changes nothing; another one under its key is refused", repeat),
    ("a refund goes back to the balances that paid", refund),
    ("a person makes the card theirs: My money shows what it held", link),
    ("they declare it lost: it no longer pays", lose),
    ("they link a new card: the balance is kept, and pays", link_another),
    ("a chip proves its tap: copied, altered and unproved taps are refused by name", prove),
    ("power is cut amid payments: every acknowledged one is there, once", survive),
    ("hameau verify holds on every node", verify),
)
