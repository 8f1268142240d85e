"""The room of sales: what it offers to the house."""

from kit.app import App
from kit.features import Export, Feature, Import, MenuEntry
from kit.i18n import lazy
from sales import demo, permissions
from sales.api import catalogue
from sales.api import journal as api_journal
from sales.deciding import let_journal_decide
from sales.exporting import EXPORTS
from sales.jobs import JOBS
from sales.looking import KnownCounter
from sales.pages import (
    categories,
    closings,
    exchange,
    home,
    journal,
    payments,
    picture_files,
    points,
    product_editor,
    products,
    rules,
    turnover,
)
from sales.service.importing import export_products, import_products
from sales.verify import CHECKS


def prepare(app: App) -> None:
    """Let the journal decide in this process, and remember the prices that it read."""
    let_journal_decide(app)
    app.ports.give(KnownCounter, KnownCounter())


DESK = (home, products, product_editor, exchange, categories, points, rules, picture_files)
SEALED = (turnover, closings, journal, payments)
MACHINES = (catalogue, api_journal)

SALES = Feature(
    name="sales",
    title=lazy("Sales"),
    charter=lazy("What I sell, and what was sold."),
    doors=tuple(door for module in (*DESK, *SEALED, *MACHINES) for door in module.DOORS),
    menu=(MenuEntry(lazy("Sales"), "sales.home", "receipt", needs=permissions.ENTER, order=30),),
    permissions=permissions.PERMISSIONS,
    can_turn_off=True,
    demo=demo.fill,
    jobs=JOBS,
    checks=CHECKS,
    exports=(Export("products", lazy("My products, as CSV"), export_products), *EXPORTS),
    imports=(Import("products", lazy("Products from a CSV file"), import_products),),
    prepare=prepare,
)
