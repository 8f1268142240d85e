"""Screens about what was sold: a till of the last point of sale sells, and closes its day."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from node.demo.steps import Evening
from node.demo.till_steps import PairedTill, pair, stand_at
from node.demo.village import DemoNode

Example = Callable[[DemoNode, Page], str]
FILES = ("sales.turnover_csv",)
_tills: dict[str, PairedTill] = {}


def till_of(node: DemoNode) -> PairedTill:
    """One till for each node, at the last point of sale: the first one is left to others."""
    if node.url not in _tills:
        evening = Evening([node] * 3)
        pair(evening)
        till: PairedTill = evening.money["till"]
        stand_at(till, -1)
        _tills[node.url] = till
    return _tills[node.url]


def _sale(node: DemoNode) -> str:
    till = till_of(node)
    cash = {"means": "cash", "amount": till.amount, "given": till.amount + 500}
    sold: dict[str, Any] = till.sell(1, cash)["sale"]
    return str(sold["id"])


def _closing(node: DemoNode) -> str:
    _sale(node)
    till = till_of(node)
    return str(till.do("/closings", point=till.point, counted=1000, left=0)["id"])


def _receipt(node: DemoNode) -> str:
    address = str(till_of(node).do(f"/sales/{_sale(node)}/receipt", way="qr")["address"])
    return address.removeprefix(node.url)


def _x_report(node: DemoNode) -> str:
    _sale(node)
    return till_of(node).point


EXAMPLES: dict[str, Example] = {
    "pos_api.receipt": lambda node, _: _receipt(node),
    "sales.entry": lambda node, _: f"/admin/sales/journal/{_sale(node)}",
    "sales.receipt": lambda node, _: f"/admin/sales/receipts/{_sale(node)}",
    "sales.closing": lambda node, _: f"/admin/sales/closings/{_closing(node)}",
    "sales.x_report": lambda node, _: f"/admin/sales/x-reports/{_x_report(node)}",
}
