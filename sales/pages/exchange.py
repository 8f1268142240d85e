"""Taking products out as a table, bringing them in from a file: looked at first, written after the yes."""

from typing import Any

from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.errors import Refusal
from kit.web import Call, flow, page, read
from sales.pages.showing import sales_page
from sales.permissions import CATALOGUE
from sales.product_table import COLUMNS, TableNotReadable, read_table
from sales.service.importing import Plan, apply_import, export_products, import_words, plan_import

LARGEST = 2 << 20


@read
def as_table(_call: Call, session: Session) -> Response:
    """The products in use, as CSV."""
    body = b"".join(export_products(session))
    headers = {"content-disposition": 'attachment; filename="products.csv"', "cache-control": "no-store"}
    return Response(body, media_type="text/csv", headers=headers)


@read
def ask_file(call: Call, _session: Session) -> Response:
    """Which file?"""
    return _page(call)


@flow
def look(call: Call) -> Response:
    """What the file would add, change, and what it cannot, before anything is written."""
    upload = call.file("file")
    try:
        if upload is None or not upload.data:
            raise TableNotReadable
        rows = read_table(upload.data)
        with call.app.db.read() as session:
            plan = plan_import(session, rows)
    except Refusal as refusal:
        return _page(call, refusal)
    return _page(call, plan=plan, text=upload.data.decode("utf-8-sig"))


@flow
def bring(call: Call) -> Response:
    """Write what was looked at, at once or not at all."""
    text = call.form_values().get("text", "")
    try:
        rows = read_table(text.encode())
        plan = call.app.db.write(lambda session: apply_import(session, call.principal, rows))
    except Refusal as refusal:
        return _page(call, refusal)
    return call.see_other("sales.products", notice=import_words(plan))


def _page(call: Call, refusal: Refusal | None = None, plan: Plan | None = None, text: str = "") -> Response:
    found: dict[str, Any] = {"plan": plan, "text": text, "columns": COLUMNS}
    return sales_page(call, "sales/import.html", refusal, tab="sales.products", **found)


GUARD = {"needs": CATALOGUE}
IMPORT = "/admin/sales/import"
DOORS = (
    page("GET", "/admin/sales/products.csv", "sales.products_csv", as_table, **GUARD),
    page("GET", IMPORT, "sales.import", ask_file, **GUARD),
    page("POST", IMPORT, "sales.import_preview", look, max_body=LARGEST, **GUARD),
    page("POST", f"{IMPORT}/yes", "sales.import_confirm", bring, max_body=LARGEST * 2, **GUARD),
)
