"""Money between the demonstration's nodes, made by real taps, for the screens that show one of its things."""

from contextlib import suppress
from typing import Any

from node.demo.steps import ask, wait_until
from node.demo.village import DemoNode, DemoTrouble

NEIGHBOURS: list[DemoNode] = []
"""The other nodes of the village; whoever starts it fills it."""
HOUSE_CARD, GRANGE_CARD = "04A1B2C3D4E582", "04B7C8D9E0F183"
LATE = 360
VILLAGE = "/admin/money/village"
_paid: dict[tuple[str, str], list[str]] = {}
_made: dict[str, str] = {}


def payment(house: DemoNode) -> str:
    """A neighbour's Pass paid at our till."""
    return f"{VILLAGE}/payments/{_tapped(house, GRANGE_CARD)}"


def neighbour(house: DemoNode) -> str:
    """We owe each other."""
    _tapped(_grange(), HOUSE_CARD)
    payment(house)
    wait_until("both owe", lambda: len(_owed(house)) == 2, LATE)
    return f"{VILLAGE}/{_host(_grange())}"


def lines(house: DemoNode) -> str:
    """What the neighbour owes us, line by line."""
    found = neighbour(house)
    theirs = next(one for one in _owed(house) if one["debtor"] == _grange().url)
    return f"{found}/lines/{theirs['asset']}"


def clearing(house: DemoNode) -> str:
    """The neighbour says that it paid us a little."""
    if house.url not in _made:
        _made[house.url] = _proposed(house)
    return f"{VILLAGE}/clearings/{_made[house.url]}"


def dispute(house: DemoNode) -> str:
    """The neighbour contests a little of its last line, and offers how that ends."""
    if f"dispute {house.url}" not in _made:
        _made[f"dispute {house.url}"] = _contested(house)
    return _made[f"dispute {house.url}"]


def _contested(house: DemoNode) -> str:
    neighbour(house)
    ours = next(one for one in _owed(house) if one["debtor"] == house.url)
    said = {
        "peer": house.url,
        "code": ours["code"],
        "seq": ours["lines"],
        "amount": 10,
        "reason": "2 × 0,10",
    }
    made = str(ask(_grange(), "POST", "/api/v1/disputes", said)["id"])

    end = {"to": "payer", "reason": "2 × 0,10"}

    def is_asked() -> bool:
        with suppress(DemoTrouble):
            if ask(house, "GET", f"/api/v1/disputes/{made}")["state"] == "answer":
                return True
            ask(_grange(), "POST", f"/api/v1/disputes/{made}/end", end)  # refused until both have signed
        return False

    wait_until("the neighbour offers how it ends", is_asked, LATE)
    return made


def _proposed(house: DemoNode) -> str:
    neighbour(house)
    theirs = next(one for one in _owed(house) if one["debtor"] == _grange().url)
    said = {"peer": house.url, "code": theirs["code"], "amount": 10, "reference": "VIR 10"}
    made = str(ask(_grange(), "POST", "/api/v1/clearing/settlements", said)["id"])

    def is_there() -> bool:
        with suppress(DemoTrouble):
            return bool(ask(house, "GET", f"/api/v1/clearing/{made}"))
        return False

    wait_until("the settlement arrives", is_there, LATE)
    return made


EXAMPLES: dict[str, Any] = {
    "wallet.village_payment": lambda node, _: payment(node),
    "wallet.village_refund_form": lambda node, _: f"{payment(node)}/refund",
    "wallet.village_one": lambda node, _: neighbour(node),
    "wallet.village_setoff": lambda node, _: f"{neighbour(node)}/set-off",
    "wallet.village_settlement": lambda node, _: f"{neighbour(node)}/settlement",
    "wallet.village_clearings": lambda node, _: clearing(node) and f"{neighbour(node)}/clearings",
    "wallet.village_clearing": lambda node, _: clearing(node),
    "wallet.village_lines": lambda node, _: lines(node),
    "wallet.village_contest_form": lambda node, _: f"{lines(node)}/1/1/dispute",
    "wallet.village_dispute": lambda node, _: f"{VILLAGE}/disputes/{dispute(node)}",
    "wallet.village_statement": lambda node, _: f"{lines(node)}/statement",
}
FILES = {
    *("wallet.village_evidence", "wallet.village_item", "wallet.village_table", "wallet.village_proof"),
    "wallet.village_bundle",
}


def _tapped(till: DemoNode, uid: str) -> str:
    """The id of a payment of that card there, once the node knows the card; made once."""
    told = _paid.setdefault((till.url, uid), [])
    body = {"tap": {"uid": uid}, "lines": [{"label": "Crêpe", "amount": 100}], "point": "Buvette"}

    def is_paid() -> bool:
        with suppress(DemoTrouble):
            said = {} if told else ask(till, "POST", "/api/v1/village-spends", body)
            if said.get("state") == "ok":
                told.append(said["id"])
        return bool(told)

    wait_until(f"{uid} pays at {till.name}", is_paid, LATE)
    return told[0]


def _owed(house: DemoNode) -> list[dict[str, Any]]:
    found = ask(house, "GET", "/api/v1/clearing")["items"]
    return [one for one in found if one["owed"] and one["peer"] == _grange().url]


def _grange() -> DemoNode:
    return next(one for one in NEIGHBOURS if one.key == "grange")


def _host(node: DemoNode) -> str:
    return node.url.partition("://")[2]
