"""The sealed journal on screen: what was written, newest first; one entry, whole; receipts printed again."""

import re
from collections.abc import Callable
from typing import Annotated, Any, TypeVar
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.choices import read_choice
from kit.errors import Invalid, NotFound
from kit.i18n import _
from kit.web import Call, page, read, write
from sales import journal_words
from sales.choices import SalesRules
from sales.journal.shapes import Chain, Link
from sales.pages.periods import read_day
from sales.pages.showing import sales_page
from sales.permissions import SEE
from sales.queries import journal as past
from sales.queries.shelves import all_points
from sales.refusals import NoSuchSale
from sales.service.noting import note
from sales.waits import waits
from wallet.money import parse_amount

T = TypeVar("T")
TAB, TRAINING_TAB = "sales.journal", "sales.training"
NUMBER = re.compile(r"(?:([A-Za-z0-9]{1,8})[-\s])?(\d{1,12})")
NO_NUMBER: tuple[str, int | None] = ("", None)
SALES = frozenset({"sale", "credit_note"})


class JournalFilter(Struct, frozen=True):
    """What is searched. `number` is "12" or "A-12"; `amount` in euros; days are business days."""

    kind: Annotated[str, Meta(max_length=20)] = ""
    number: Annotated[str, Meta(max_length=24)] = ""
    since: Annotated[str, Meta(max_length=10)] = ""
    until: Annotated[str, Meta(max_length=10)] = ""
    operator: Annotated[str, Meta(max_length=40)] = ""
    point: UUID | None = None
    means: Annotated[str, Meta(max_length=20)] = ""
    amount: Annotated[str, Meta(max_length=20)] = ""
    before: Annotated[int, Meta(ge=1, le=2**53)] | None = None

    @property
    def is_searching(self) -> bool:
        """Whether anything was asked for but a page."""
        return bool(self.kind or self.number) or self.is_detailed

    @property
    def is_detailed(self) -> bool:
        """Whether more was asked for than a number and a kind."""
        said = (self.since, self.until, self.operator, self.means, self.amount)
        return any(said) or self.point is not None


class Copy(Struct, frozen=True):
    """Which entry says that this receipt was printed again."""

    copy: UUID | None = None


@read
def journal(call: Call, session: Session) -> Response:
    """What was really sold."""
    return _listed(call, session, "real")


@read
def training(call: Call, session: Session) -> Response:
    """What was only played: another chain, never counted with the real one."""
    return _listed(call, session, "training")


@read
def entry(call: Call, session: Session) -> Response:
    """One entry with its lines, its payments, its proof. Raises NotFound."""
    found = past.whole_entry(session, call.path["id"])
    if found is None:
        raise NotFound
    return journal_page(
        call, "sales/entry.html", chain=found.link.entry.chain,
        found=found, link=found.link, ledger=past.in_the_ledger(session, found.link),
    )  # fmt: skip


@read
def receipt(call: Call, session: Session) -> Response:
    """A receipt as it would be printed again. Raises NoSuchSale."""
    link = _sale(session, call.path["id"])
    return journal_page(
        call, "sales/receipt.html", chain=link.entry.chain, link=link,
        rules=read_choice(session, SalesRules), copy=_copy(call, session, link),
    )  # fmt: skip


@write
def reprint(call: Call, session: Session) -> Response:
    """Write into the journal that a copy is made, then show it. Raises NoSuchSale."""
    link = _sale(session, call.path["id"])
    number = journal_words.sale_number(link.entry)
    noted = note(session, call.principal, "reprint", str(link.entry.id), after=number, chain=link.entry.chain)
    return call.see_other("sales.receipt", id=link.entry.id, copy=noted.entry.id)


def journal_page(call: Call, template: str, refusal: Any = None, *, chain: Chain, **context: Any) -> Response:
    """A page about one chain, with the journal's words; that of training says so everywhere."""
    named = context.pop("tab", TAB)
    tab = named if chain == "real" else TRAINING_TAB
    return sales_page(
        call, template, refusal, tab=tab, said=journal_words, is_training=chain == "training", **context
    )


def _listed(call: Call, session: Session, chain: Chain) -> Response:
    asked, wrong = call.query(JournalFilter), None
    try:
        found = past.entries(session, _wanted(asked, chain))
    except Invalid as refusal:
        wrong, found = refusal, past.Entries((), None)
    return journal_page(
        call, "sales/journal.html", wrong, chain=chain,
        asked=asked, found=found, points=[(one.id, one.name) for one in all_points(session)],
        waits=waits(session) if chain == "real" and not (asked.is_searching or asked.before) else (),
    )  # fmt: skip


def _wanted(asked: JournalFilter, chain: Chain) -> past.Wanted:
    """Raises Invalid with a sentence for each field that cannot be read."""
    wrong: dict[str, str] = {}
    series, number = _read(wrong, lambda: _number(asked.number), NO_NUMBER)
    since = _read(wrong, lambda: read_day("since", asked.since), None)
    until = _read(wrong, lambda: read_day("until", asked.until), None)
    amount = _read(wrong, lambda: _amount(asked.amount), None)
    if wrong:
        raise Invalid(fields=wrong)
    return past.Wanted(
        chain=chain,
        kind=asked.kind,
        series=series,
        number=number,
        since=since.isoformat() if since else "",
        until=until.isoformat() if until else "",
        operator=asked.operator,
        point=asked.point,
        means=asked.means,
        amount=amount,
        before=asked.before,
    )


def _read(wrong: dict[str, str], read: Callable[[], T], otherwise: T) -> T:
    """What `read` gives; what it refuses is kept in `wrong`, so that all of it is said at once."""
    try:
        return read()
    except Invalid as refusal:
        wrong.update(refusal.fields)
        return otherwise


def _number(text: str) -> tuple[str, int | None]:
    if not text:
        return "", None
    written = NUMBER.fullmatch(text)
    if written is None:
        raise Invalid(fields={"number": _("I write a number, such as 12 or A-12.")})
    return (written[1] or "").upper(), int(written[2])


def _amount(text: str) -> int | None:
    try:
        return parse_amount(text, 2) if text else None
    except Invalid as wrong:
        raise Invalid(fields={"amount": wrong.sentence}) from wrong


def _sale(session: Session, sale_id: UUID) -> Link:
    link = past.entry_by_id(session, sale_id)
    if link is None or link.entry.kind not in SALES:
        raise NoSuchSale
    return link


def _copy(call: Call, session: Session, link: Link) -> Link | None:
    """The entry that says this copy was made; None when the address names no such entry."""
    asked = call.query(Copy).copy
    noted = past.entry_by_id(session, asked) if asked else None
    event = noted.entry.event if noted else None
    return noted if event and (event.what, event.about) == ("reprint", str(link.entry.id)) else None


DOORS = (
    page("GET", "/admin/sales/journal", TAB, journal, needs=SEE, query=JournalFilter),
    page("GET", "/admin/sales/training", TRAINING_TAB, training, needs=SEE, query=JournalFilter),
    page("GET", "/admin/sales/journal/{id:uuid}", "sales.entry", entry, needs=SEE),
    page("GET", "/admin/sales/receipts/{id:uuid}", "sales.receipt", receipt, needs=SEE, query=Copy),
    page("POST", "/admin/sales/receipts/{id:uuid}", "sales.reprint", reprint, needs=SEE),
)
