"""The cards of the demonstration, for those who want to tap one: what is printed on them, what they hold."""

from typing import Any

from node.demo import purse
from node.demo.purse import currencies
from node.demo.steps import ask
from node.demo.village import DemoNode
from wallet.cards.number import shown_number

MOST = 200
CLOSED = 404


def cards_of(node: DemoNode) -> list[dict[str, Any]]:
    """Each card of a running node, with its balances in minor units by the currency's short name.

    No card when the collective closed the room of money.
    """
    if not is_open(node):
        return []
    names = {key: code for code, key in currencies(node).items()}
    return [_card(node, names, card) for card in ask(node, "GET", f"/api/v1/cards?limit={MOST}")["items"]]


def is_open(node: DemoNode) -> bool:
    """Whether the room of money has its doors."""
    return purse.answer_of(node, "/cards/lookups", {}, "").status_code != CLOSED


def in_words(node: DemoNode) -> list[str]:
    """A line for each card."""
    found = cards_of(node)
    scales = purse.scales(node) if found else {}
    return [f"      {_printed(card)}{_purse(card, scales)}{_said(card)}" for card in found]


def _card(node: DemoNode, names: dict[str, str], card: dict[str, Any]) -> dict[str, Any]:
    held: dict[str, int] = {}
    for one in ask(node, "GET", f"/api/v1/wallets/{card['wallet']}")["balances"]:
        code = names[one["asset"]]
        held[code] = held.get(code, 0) + one["amount"]
    return {
        "uid": card["uid"],
        "number": card["number"],
        "qr_url": f"{node.url}/c/{card['code']}",
        "home": node.url,
        "balances": held,
        **{name: card[name] for name in ("kind", "chip", "state")},
    }


def _printed(card: dict[str, Any]) -> str:
    return f"{shown_number(card['number'])}  {card['uid'] or 'QR code':<16}"


def _purse(card: dict[str, Any], scales: dict[str, int]) -> str:
    told = [
        f"{amount / 10 ** scales[code]:.{scales[code]}f} {code}" for code, amount in card["balances"].items()
    ]
    return ", ".join(told) or "empty"


def _said(card: dict[str, Any]) -> str:
    """What is special about it."""
    words = {"staff": "staff", "ntag424": "proves its taps", "lost": "lost"}
    said = [words[card[name]] for name in ("kind", "chip", "state") if card[name] in words]
    return f" ({', '.join(said)})" if said else ""
