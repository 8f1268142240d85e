"""What the pages about money share: amounts in words; a page that says why it was refused."""

from collections.abc import Callable, Iterable
from typing import Any, Protocol

from msgspec import Struct
from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.errors import Refusal
from kit.web import Call
from wallet.cards.number import shown_number
from wallet.federated.neighbours import Neighbours
from wallet.ledger.shapes import Receipt
from wallet.money import amount_text


class Euro(Struct, frozen=True):
    """How sums of several currencies at par are written, where one may say them together."""

    scale: int = 2
    symbol: str = "€"


class Counted(Protocol):
    """Anything that says how its amounts are written: a currency, a balance's, an older wording."""

    @property
    def scale(self) -> int: ...
    @property
    def symbol(self) -> str: ...


def neighbours_in(call: Call, session: Session, receipts: Iterable[Receipt]) -> Neighbours:
    """The names of the nodes that these receipts name as their place."""
    return Neighbours(call.app, session, [one.memo.place for one in receipts if "://" in one.memo.place])


def money_words(call: Call) -> Callable[..., str]:
    """`money(amount, currency)` for templates: "18,50 €"; with `signed`, "+18,50 €" or "−18,50 €"."""

    def money(amount: int, currency: Counted, *, signed: bool = False) -> str:
        return amount_text(amount, currency.scale, currency.symbol, call.language, signed=signed)

    return money


def money_page(call: Call, template: str, refusal: Refusal | None = None, **context: Any) -> Response:
    """A page of the room, with `money` and what was refused."""
    return call.page(
        template,
        status=refusal.status if refusal else 200,
        money=money_words(call),
        shown_number=shown_number,
        euro=Euro(),
        errors=refusal.fields if refusal else {},
        sentence=refusal.sentence if refusal else "",
        **context,
    )
