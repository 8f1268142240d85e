"""A receipt at its public address, as its customer fetches it by the QR code on the till; 80 mm on paper."""

from typing import Final

from sqlalchemy.orm import Session
from starlette.responses import Response

from kit import clock
from kit.choices import read_choice
from kit.errors import Gone, NotFound
from kit.i18n import lazy
from kit.web import Call, page, read
from pos_api.queries.sold import sale
from pos_api.receipt_address import opened
from sales import catalogue_words, journal_words
from sales.choices import SalesRules
from sales.journal.shapes import Link
from sales.queries.journal import entry_by_id

QUIET: Final = {
    "x-robots-tag": "noindex, nofollow",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}


class ReceiptOver(Gone):
    name = "receipt_over"
    default = lazy("This receipt is no longer here. The house keeps its sales: I ask at the counter.")


@read
def receipt(call: Call, session: Session) -> Response:
    """Raises NotFound for an address that was not made here, ReceiptOver a month later."""
    shown = opened(call.app.seal, call.path["token"])
    link = entry_by_id(session, shown.sale) if shown is not None else None
    paid = sale(session, shown.sale) if shown is not None else None
    if shown is None or link is None or paid is None:
        raise NotFound
    if clock.now() >= shown.until:
        raise ReceiptOver
    answer = call.page(
        "pos_api/receipt.html",
        link=Link(paid.entry, link.body, link.mac),
        rules=read_choice(session, SalesRules),
        number=shown.copy,
        until=shown.until,
        said=journal_words,
        words=catalogue_words,
        is_training=link.entry.chain == "training",
    )
    answer.headers.update(QUIET)
    return answer


DOORS = (page("GET", "/r/{token}", "pos_api.receipt", receipt, summary="A receipt, by its QR code"),)
