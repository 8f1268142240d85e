"""What the forms of a batch say, and what must fit before anything is written."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy.orm import Session

from kit.errors import Forbidden, Invalid
from kit.i18n import _
from kit.web import Call
from wallet.card_refusals import BatchUnreadable, TotalDiffers
from wallet.cards.amount import BadAmount, read_amount
from wallet.cards.table import Preview
from wallet.cards.uid import Notation
from wallet.models.currency import Currency
from wallet.permissions import LOAD
from wallet.queries.batches import preview_batch
from wallet.queries.desk import all_currencies
from wallet.service.cards.batches import OpeningBalances

Line = Annotated[str, Meta(max_length=120)]
CENTS = 2


class BatchForm(Struct):
    """A list of cards, pasted or in a file, and what its balances are."""

    name: Line
    text: str = ""
    notation: Notation = "hex"
    proves: bool = False
    currency: UUID | None = None
    account: Line = ""


class ConfirmForm(BatchForm, kw_only=True):
    """The same, looked at: the total typed by hand. `batch` makes two presses one."""

    batch: UUID
    total: Line = ""


def currency_choices(call: Call, session: Session) -> list[Currency]:
    """Currencies of this house that opening balances may be in: vouchers need a lot and a last day."""
    here = call.app.settings.node.url
    known = all_currencies(session)
    return [one for one in known if one.issuer == here and not one.archived_at and one.nature != "gift"]


def chosen_currency(call: Call, session: Session, currency_id: UUID | None) -> Currency | None:
    """The one that was chosen. Raises Invalid."""
    if currency_id is None:
        return None
    chosen = next((one for one in currency_choices(call, session) if one.id == currency_id), None)
    if chosen is None:
        raise Invalid(fields={"currency": _("I choose one of the answers of the list.")})
    return chosen


def looked_at(session: Session, form: BatchForm, currency: Currency | None) -> Preview:
    """The list line by line. Raises BatchUnreadable."""
    if not form.text.strip():
        missing = _("I choose a file, or I paste the list.")
        raise BatchUnreadable(missing, fields={"text": missing})
    return preview_batch(session, form.text, form.notation, currency.scale if currency else CENTS)


def refuse_unfit(call: Call, preview: Preview, currency: Currency | None) -> None:
    """Balances need a currency, and someone who may load money. Raises Invalid, Forbidden."""
    if not preview.total:
        return
    refuse_loader(call)
    if currency is None:
        raise Invalid(fields={"currency": _("The list holds balances: I say in which currency.")})


def refuse_loader(call: Call) -> None:
    """Opening balances are money: raises Forbidden for those who may not load any."""
    if not call.principal.may(LOAD):
        raise Forbidden(_("The list holds balances. I ask someone who may load money."))


def confirmed(form: ConfirmForm, preview: Preview, currency: Currency | None) -> OpeningBalances | None:
    """The opening, when the total that was typed is that of the list. Raises TotalDiffers."""
    if currency is None or not preview.total:
        return None
    try:
        total = read_amount(form.total, currency.scale)
    except BadAmount as error:
        raise TotalDiffers(fields={"total": str(TotalDiffers.default)}) from error
    if total != preview.total:
        raise TotalDiffers(fields={"total": str(TotalDiffers.default)})
    return OpeningBalances(currency.id, form.account or form.name, total)
