"""Batches: a list is looked at, its total confirmed, then brought in; the opening can be undone."""

from collections.abc import Mapping
from uuid import UUID

from msgspec import structs
from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.choices import read_choice
from kit.errors import Refusal
from kit.i18n import _, ngettext
from kit.ids import new_id
from kit.web import Call, flow, page, read
from wallet.card_refusals import BatchUnknown
from wallet.card_words import MISTAKE_WORDS, NOTATION_WORDS
from wallet.cards.table import Preview, text_of
from wallet.choices import MoneyRules
from wallet.models.currency import Currency
from wallet.pages.batch_forms import (
    BatchForm,
    ConfirmForm,
    chosen_currency,
    confirmed,
    currency_choices,
    looked_at,
    refuse_loader,
    refuse_unfit,
)
from wallet.pages.showing import money_page
from wallet.permissions import CARDS
from wallet.queries import batches as queries
from wallet.queries.batches import batch_by_id, batch_cards, opening_of
from wallet.service.cards.batches import OpeningBalances, import_batch, undo_opening

LARGEST = 4 << 20
SHOWN = 12


@read
def batches(call: Call, session: Session) -> Response:
    """Every batch, the newest first."""
    return money_page(call, "wallet/batches.html", batches=queries.batches(session))


@read
def new(call: Call, session: Session) -> Response:
    """Which list?"""
    return _form(call, session, {})


@flow
def look(call: Call) -> Response:
    """What the list would bring, every mistake by its line. Nothing is written."""
    values = call.form_values()
    with call.app.db.read() as session:
        try:
            if upload := call.file("file"):
                values["text"] = text_of(upload.data)
            form = structs.replace(call.form(BatchForm), text=values.get("text", ""))
            currency = chosen_currency(call, session, form.currency)
            preview = looked_at(session, form, currency)
            refuse_unfit(call, preview, currency)
        except Refusal as refusal:
            return _form(call, session, values, refusal)
        return _show(call, form, preview, currency)


@flow
def bring(call: Call) -> Response:
    """Bring in what was looked at, once its total is confirmed."""
    try:
        form = call.form(ConfirmForm)
        with call.app.db.read() as session:
            currency = chosen_currency(call, session, form.currency)
            preview = looked_at(session, form, currency)
    except Refusal as refusal:
        with call.app.db.read() as session:
            return _form(call, session, call.form_values(), refusal)
    try:
        refuse_unfit(call, preview, currency)
        opening = confirmed(form, preview, currency)
        call.app.db.write(lambda session: _import(call, session, form, preview, opening))
    except Refusal as refusal:
        return _show(call, form, preview, currency, refusal)
    return _brought(call, form, len(preview.rows), undoable=opening is not None)


@read
def batch(call: Call, session: Session) -> Response:
    """One batch. Raises BatchUnknown."""
    return batch_page(call, session, call.path["id"])


@flow
def undo(call: Call) -> Response:
    """Take the opening balances back by their opposite. Raises BatchUnknown."""
    batch_id: UUID = call.path["id"]
    try:
        refuse_loader(call)
        call.app.db.write(lambda session: undo_opening(session, call.principal, batch_id).id)
    except BatchUnknown:
        raise
    except Refusal as refusal:
        with call.app.db.read() as session:
            return batch_page(call, session, batch_id, refusal)
    return call.see_other("wallet.batch", id=batch_id, notice=_("The opening balances are taken back."))


def batch_page(call: Call, session: Session, batch_id: UUID, refusal: Refusal | None = None) -> Response:
    """A batch with its cards, its opening and its backs. Raises BatchUnknown."""
    found = batch_by_id(session, batch_id)
    return money_page(
        call,
        "wallet/batch.html",
        refusal,
        batch=found,
        cards=batch_cards(session, batch_id),
        opening=opening_of(session, found),
        rules=read_choice(session, MoneyRules),
        shown=SHOWN,
    )


def _import(
    call: Call, session: Session, form: ConfirmForm, preview: Preview, opening: OpeningBalances | None
) -> UUID:
    return import_batch(
        session,
        call.principal,
        form.name,
        preview.rows,
        opening,
        batch_id=form.batch,
        is_ntag424=form.proves,
    ).id


def _brought(call: Call, form: ConfirmForm, count: int, *, undoable: bool) -> Response:
    words = ngettext("{count} card is ready.", "{count} cards are ready.", count).format(count=count)
    undo_at = call.url("wallet.batch_undo", id=form.batch) if undoable else ""
    return call.see_other("wallet.batch", id=form.batch, notice=words, undo=undo_at)


def _form(
    call: Call, session: Session, values: Mapping[str, str], refusal: Refusal | None = None
) -> Response:
    return money_page(
        call,
        "wallet/batch_new.html",
        refusal,
        values=values,
        currencies=[(str(one.id), one.name) for one in currency_choices(call, session)],
        notations=list(NOTATION_WORDS.items()),
    )


def _show(
    call: Call,
    form: BatchForm,
    preview: Preview,
    currency: Currency | None,
    refusal: Refusal | None = None,
) -> Response:
    return money_page(
        call,
        "wallet/batch_preview.html",
        refusal,
        form=form,
        preview=preview,
        currency=currency,
        batch=getattr(form, "batch", None) or new_id(),
        total=getattr(form, "total", ""),
        mistakes=MISTAKE_WORDS,
        shown=SHOWN,
    )


DOORS = (
    page("GET", "/admin/money/batches", "wallet.batches", batches, needs=CARDS, summary="Card batches"),
    page("GET", "/admin/money/batches/new", "wallet.batch_new", new, needs=CARDS),
    page(
        "POST", "/admin/money/batches/look", "wallet.batch_look", look, needs=CARDS,
        max_body=LARGEST, summary="Look at a list of cards",
    ),
    page(
        "POST", "/admin/money/batches", "wallet.batch_bring", bring, needs=CARDS,
        max_body=LARGEST * 2, summary="Bring a list of cards in",
    ),
    page("GET", "/admin/money/batches/{id:uuid}", "wallet.batch", batch, needs=CARDS),
    page("POST", "/admin/money/batches/{id:uuid}/undo", "wallet.batch_undo", undo, needs=CARDS),
)  # fmt: skip
