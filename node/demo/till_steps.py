"""The steps of a till: paired by its code, it sells, gives back, takes a neighbour's Pass, closes its day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from kit.ids import new_id
from node.demo.asking import send
from node.demo.purse import card_of, currencies, expect, holds, verify
from node.demo.steps import LATE, Evening, wait_until
from node.demo.village import DemoNode, DemoTrouble
from node.demo.village_money_steps import CARD, OTHER

POS = "/api/pos/v1"
MANAGER = "3333"
TOP_UP = 1_000


@dataclass
class PairedTill:
    """A till of a node, as another program would write it from the documentation alone."""

    node: DemoNode
    token: str = ""
    operator: str = ""
    count: int = 0
    point: str = ""
    product: str = ""
    price: str = ""
    amount: int = 0

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """One call. Raises DemoTrouble on a refusal."""
        headers = {"authorization": f"Bearer {self.token}"} if self.token else {}
        if self.operator:
            headers["hameau-operator"] = self.operator
        answer = send(method, self.node.url + POS + path, json=body, headers=headers)
        if answer.status_code >= 400:
            raise DemoTrouble(f"{self.node.name}: {method} {path}: {answer.status_code} {answer.text[:300]}")
        return answer.json()

    def do(self, path: str, *, operation: UUID | None = None, **said: Any) -> Any:
        """One operation, with its own id, its count and the till's clock."""
        self.count += 1
        named = {"id": str(operation or new_id()), "count": self.count}
        return self.ask("POST", path, {**named, "at": datetime.now(UTC).isoformat(), **said})

    def sell(self, quantity: int, *paid: dict[str, Any], **more: Any) -> Any:
        """So many of the one product."""
        line = {"product": self.product, "price": self.price, "quantity": str(quantity)}
        total = quantity * self.amount + sum(one["amount"] for one in more.get("lines", ()))
        lines = [line, *more.pop("lines", ())]
        return self.do("/sales", point=self.point, lines=lines, payments=list(paid), total=total, **more)

    def tap(self, card: dict[str, str]) -> Any:
        """What a card is, and the name of this tap."""
        return self.ask("POST", "/taps", card)


def pair(evening: Evening) -> None:
    """The code that the demonstration prints, once; then the operator's PIN."""
    till = evening.money["till"] = PairedTill(evening.b)
    paired = till.ask(
        "POST", "/pairings", {"code": evening.b.secrets["till_pairing_code"], "name": "Tablette 1"}
    )
    till.token, till.count = paired["token"], paired["device"]["last_count"]
    held = till.ask("POST", "/operators/identify", {"pin": MANAGER})
    till.operator = held["token"]
    expect("what the operator may do", {"sell", "void", "close"} <= set(held["operator"]["rights"]), True)
    stand_at(till, 0)


def stand_at(till: PairedTill, place: int) -> None:
    """Sell at a point of sale, counted in their order, what it has on its list."""
    known = till.ask("GET", "/catalogue")
    till.point = known["points"][place]["id"]
    listed = known["points"][place]["products"]
    product = next(one for one in known["products"] if one["id"] in listed and _is_plain(one))
    till.product, till.price = product["id"], product["prices"][0]["id"]
    till.amount = product["prices"][0]["amount"]


def sell_and_undo(evening: Evening) -> None:
    """Two drinks and a top-up, in cash; then all of it is taken back."""
    till: PairedTill = evening.money["till"]
    asset, before = currencies(evening.b)["loriots"], _left(evening)
    total = 2 * till.amount + TOP_UP
    top_up = {"sellable": "top_up", "asset": asset, "amount": TOP_UP, "tap": till.tap(OTHER)["ref"]}
    cash = {"means": "cash", "amount": total, "given": total + 500}
    operation = new_id()
    sold = till.sell(2, cash, lines=[top_up], operation=operation)["sale"]
    expect("the total that the node worked out", (sold["total"], sold["state"]), (total, "paid"))
    expect("what the Pass holds", _left(evening) - before, TOP_UP)
    expect("the same till again", sold["series"], till.ask("GET", f"/sales/{operation}")["sale"]["series"])
    undone = till.do(f"/sales/{operation}/void", reason="Erreur")["sale"]
    expect("the opposite", (undone["total"], undone["number"]), (-total, sold["number"] + 1))
    expect("what the Pass holds after the undo", _left(evening), before)


def mixed(evening: Evening) -> None:
    """A Pass pays a part, cash the rest."""
    till: PairedTill = evening.money["till"]
    before = _left(evening)
    by_pass = {"means": "pass", "amount": till.amount, "tap": till.tap(OTHER)["ref"]}
    till.sell(2, by_pass, {"means": "cash", "amount": till.amount})
    expect("what left the Pass", before - _left(evening), till.amount)


def neighbour(evening: Evening) -> None:
    """A's card pays at B's till; the sale is in B's journal."""
    till: PairedTill = evening.money["till"]
    operation = new_id()
    by_pass = {"means": "pass", "amount": till.amount, "tap": till.tap(CARD)["ref"]}
    till.sell(1, by_pass, operation=operation)
    wait_until("the neighbour's answer", lambda: _state(till, operation) == "paid", LATE)
    paid = till.ask("GET", f"/sales/{operation}")["sale"]["payments"]
    expect("who paid", {one["means"] for one in paid}, {"pass"})


def close(evening: Evening) -> None:
    """The Z counts what was sold, once."""
    till: PairedTill = evening.money["till"]
    drawer = till.ask("GET", f"/x-report?point={till.point}")["drawer"]["expected"]
    closed = till.do("/closings", point=till.point, counted=drawer, left=0)
    expect("the turnover of the Z", closed["totals"]["turnover"], 3 * till.amount)
    expect("the drawer", closed["drawer"]["difference"], 0)
    told = verify(evening.b)
    expect("the journal is looked at", told["checked"]["sales journal"] > 0, True)


def _is_plain(product: dict[str, Any]) -> bool:
    is_whole = product["unit"] == "piece" and product["sort"] == "product" and not product["is_sold_out"]
    price = product["prices"][0] if product["prices"] else {}
    return is_whole and bool(price.get("amount")) and not price.get("asset")


def _left(evening: Evening) -> int:
    return holds(evening.b, card_of(evening.b, OTHER["uid"])["wallet"]).get("loriots", 0)


def _state(till: PairedTill, operation: UUID) -> str:
    return str(till.ask("GET", f"/sales/{operation}")["sale"]["state"])


STEPS: tuple[tuple[str, Callable[[Evening], None]], ...] = (
    ("a till is paired with B by its code, and knows who holds it", pair),
    ("it sells two drinks and a top-up, and takes all of it back", sell_and_undo),
    ("a Pass and cash pay together", mixed),
    ("A's card pays at B's till", neighbour),
    ("the day is closed: the Z, the journal and the ledger agree", close),
)
