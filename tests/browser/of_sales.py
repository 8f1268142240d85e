"""Where a browser sees the screens of sales that need something to show."""

from collections.abc import Callable

from playwright.sync_api import Page

from node.demo.steps import ask
from node.demo.village import DemoNode

FILES = {"sales.products_csv"}
"""Page doors that answer with a file."""


def _first(kind: str) -> Callable[[DemoNode], str]:
    folder = {"products": "products", "product-categories": "categories", "points-of-sale": "points"}[kind]

    def find(node: DemoNode) -> str:
        return f"/admin/sales/{folder}/{ask(node, 'GET', f'/api/v1/{kind}')['items'][0]['id']}"

    return find


PRODUCT, CATEGORY, POINT = (
    _first(kind) for kind in ("products", "product-categories", "points-of-sale")
)  # fmt: skip

EXAMPLES: dict[str, Callable[[DemoNode, Page], str]] = {
    "sales.product": lambda node, _: PRODUCT(node),
    "sales.product_ask": lambda node, _: f"{PRODUCT(node)}/archive",
    "sales.category": lambda node, _: CATEGORY(node),
    "sales.category_ask": lambda node, _: f"{CATEGORY(node)}/archive",
    "sales.point": lambda node, _: POINT(node),
    "sales.point_ask": lambda node, _: f"{POINT(node)}/archive",
}
