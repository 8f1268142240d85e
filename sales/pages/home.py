"""Where the room begins: the first list that someone may change, or today's prices for those who sell."""

from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.web import Call, page, read
from sales.pages.showing import open_tabs, sales_page
from sales.permissions import ENTER
from sales.queries.catalogue import catalogue
from sales.queries.units import units


@read
def home(call: Call, session: Session) -> Response:
    """On to the first tab; without one, the list of prices."""
    tabs = open_tabs(call, "")
    if tabs:
        return call.see_other(tabs[0][1])
    return sales_page(call, "sales/price_list.html", found=catalogue(session), known=units(session))


@read
def price_list(call: Call, session: Session) -> Response:
    """What is sold, at which price, ready to be printed."""
    return sales_page(call, "sales/price_list.html", found=catalogue(session), known=units(session))


DOORS = (
    page("GET", "/admin/sales", "sales.home", home, needs=ENTER),
    page("GET", "/admin/sales/prices", "sales.prices", price_list, needs=ENTER),
)
