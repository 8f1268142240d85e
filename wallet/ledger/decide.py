"""The one way in: requests and a book go in; links of the chain, new accounts and answers come out.

Pure: no clock, no database, no randomness. What was answered once under an id is answered again, byte for
byte; a decline is an answer like another, and stays.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from wallet.ledger import loading, spending, undoing
from wallet.ledger import requests as ask
from wallet.ledger.book import Book, Head
from wallet.ledger.draft import Declined, Draft
from wallet.ledger.requests import AnyRequest, Request
from wallet.ledger.shapes import Account, Part, Receipt, Transaction, Verdict, chained

Rule = Callable[[Book, Any, datetime, Draft], tuple[Part, ...] | None]

RULES: Final[dict[type[Request], Rule]] = {
    ask.Load: loading.load,
    ask.Unload: loading.unload,
    ask.Opening: loading.opening,
    ask.Merge: loading.merge,
    ask.Sweep: loading.sweep,
    ask.Transfer: loading.transfer,
    ask.Decline: loading.decline,
    ask.Spend: spending.spend,
    ask.Capture: undoing.capture,
    ask.Release: undoing.release,
    ask.Refund: undoing.refund,
    ask.Reverse: undoing.reverse,
    ask.Cancel: undoing.cancel,
}


class Conflict(Exception):
    """The id was used for another request. Nothing is written: the first answer stands."""


@dataclass(slots=True)
class Written:
    """What must be kept, in this order, and one answer for each request."""

    opened: list[Account] = field(default_factory=list)
    links: list[Transaction] = field(default_factory=list)
    taps: list[tuple[UUID, int, int]] = field(default_factory=list)
    answers: list[Transaction | Conflict] = field(default_factory=list)


def decide(
    book: Book, requests: Sequence[AnyRequest], now: datetime, written: Written | None = None
) -> Written:
    """Decide each request in turn; later ones see what earlier ones did. Goes on in `written` when given."""
    written = written or Written()
    for request in requests:
        known = book.past.get(request.id)
        if known is None:
            written.answers.append(_write(book, request, now, written))
        elif known.receipt.request == request.content:
            written.answers.append(known)
        else:
            written.answers.append(Conflict())
    return written


def _write(book: Book, request: AnyRequest, now: datetime, written: Written) -> Transaction:
    draft, receipt = _judge(book, request, now)
    link = chained(book.head.seq + 1, book.head.hash, receipt)
    draft.keep(Head(link.seq, link.hash, link.entries_to))
    book.past[request.id] = link
    book.follow(receipt)
    written.opened.extend(draft.opened)
    written.taps.extend((card, counter, link.seq) for card, counter in draft.taps)
    written.links.append(link)
    return link


def _judge(book: Book, request: AnyRequest, now: datetime) -> tuple[Draft, Receipt]:
    draft = Draft(book)
    try:
        split = RULES[type(request)](book, request, now, draft) or ()
    except Declined as no:
        draft = Draft(book)
        return draft, _receipt(request, "declined", now, draft, why=no.why, missing=no.missing)
    return draft, _receipt(request, _verdict(request), now, draft, split=split)


def _receipt(request: AnyRequest, verdict: Verdict, now: datetime, draft: Draft, **more: Any) -> Receipt:
    return Receipt(
        id=request.id,
        kind=request.kind,
        verdict=verdict,
        at=now,
        request=request.content,
        first=draft.first,
        entries=tuple(draft.entries),
        refers=getattr(request, "refers", None),
        until=getattr(request, "until", None),
        memo=request.memo,
        **more,
    )


def _verdict(request: AnyRequest) -> Verdict:
    if getattr(request, "until", None) is not None or getattr(request, "is_hold", False):
        return "held"
    if isinstance(request, ask.Capture):
        return "captured"
    return "released" if isinstance(request, ask.Release) else "posted"
