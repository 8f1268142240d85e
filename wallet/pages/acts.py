"""What the back office does with a wallet: top up, give, cash out. It asks first, with the balance after.

The confirmation's key becomes the request's: pressing twice moves money once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.choices import read_choice
from kit.errors import NotFound, Refusal
from kit.i18n import Lazy, lazy
from kit.ids import new_id
from kit.templates import full_day
from kit.web import Call, Door, flow, page, read
from wallet import flows
from wallet.choices import MoneyRules
from wallet.ledger.shapes import Receipt
from wallet.pages.act_checks import CASH_OUT, GIFT, TOP_UP, ActForm, Asked, Known, asked, in_words, known
from wallet.pages.showing import money_page
from wallet.schemas import CashOut, Gift, TopUp


@dataclass(frozen=True)
class Act:
    """One verb: who may do it, its words, the flow that does it."""

    name: str
    needs: str
    title: Lazy
    verb: Lazy
    done: Lazy
    icon: str
    run: Callable[[Call, Asked, str], Receipt]


def _for(said: Asked) -> dict[str, Any]:
    return {
        "asset": said.currency.id,
        "amount": said.amount,
        "wallet": said.purse.wallet_id,
        "reason": said.reason,
    }


def _top_up(call: Call, said: Asked, key: str) -> Receipt:
    wanted = TopUp(**_for(said))
    return flows.top_up(call.app, call.principal, wanted, key=key)


def _give(call: Call, said: Asked, key: str) -> Receipt:
    wanted = Gift(**_for(said), expires_at=said.expires_at)
    return flows.give(call.app, call.principal, wanted, key=key)


def _cash_out(call: Call, said: Asked, key: str) -> Receipt:
    wanted = CashOut(**_for(said))
    return flows.cash_out(call.app, call.principal, wanted, key=key)


ACTS = (
    Act(
        TOP_UP, "money.load", lazy("Top up"), lazy("Top up"),
        lazy("Topped up: {amount}. Balance: {after}."), "plus-circle", _top_up,
    ),
    Act(
        GIFT, "money.give", lazy("Give a voucher"), lazy("Give"),
        lazy("Given: {amount}. Balance: {after}."), "gift", _give,
    ),
    Act(
        CASH_OUT, "money.refund", lazy("Give money back in cash"), lazy("Give it back"),
        lazy("Given back: {amount}. Balance: {after}."), "hand-coins", _cash_out,
    ),
)  # fmt: skip


def allowed_acts(call: Call, wallet: Known) -> list[Act]:
    """Those this person may do, when there is a currency for them."""
    return [act for act in ACTS if call.principal.may(act.needs) and wallet.choices(act.name)]


def _answer(act: Act, call: Call) -> Response:
    try:
        form = call.form(ActForm)
        with call.app.db.read() as session:
            said = asked(act.name, call, session, form)
        if not (form.sure and form.key):
            return _confirm(act, call, form, said)
        receipt = act.run(call, said, form.key)
    except NotFound:
        raise
    except Refusal as refusal:
        with call.app.db.read() as session:
            return _form(act, call, session, call.form_values(), refusal)
    return _done(act, call, said, receipt)


def _form(
    act: Act, call: Call, session: Session, values: dict[str, Any], refusal: Refusal | None = None
) -> Response:
    wallet = known(call, session)
    return money_page(
        call,
        "wallet/act.html",
        refusal,
        act=act,
        wallet=wallet,
        choices=wallet.choices(act.name),
        rules=read_choice(session, MoneyRules),
        values={"currency": "", "amount": "", "reason": "", "until": "", **values},
    )


def _confirm(act: Act, call: Call, form: ActForm, said: Asked) -> Response:
    ends = full_day(said.expires_at, call.collective.timezone) if said.expires_at else ""
    key = new_id().hex
    return money_page(call, "wallet/act_sure.html", act=act, asked=said, form=form, ends=ends, key=key)


def _done(act: Act, call: Call, said: Asked, receipt: Receipt) -> Response:
    with call.app.db.read() as session:
        after = known(call, session).amount(said.currency)
    amounts = {
        "amount": in_words(call, said.currency, receipt.amount),
        "after": in_words(call, said.currency, after),
    }
    return call.see_other("wallet.wallet", id=call.path["id"], notice=str(act.done).format(**amounts))


def _doors(act: Act) -> tuple[Door, Door]:
    @read
    def show(call: Call, session: Session) -> Response:
        return _form(act, call, session, dict(call.request.query_params))

    @flow
    def answer(call: Call) -> Response:
        return _answer(act, call)

    show.__doc__ = f"The form of {act.name}. Raises WalletUnknown."
    answer.__doc__ = f"Asks, then does {act.name}. Raises WalletUnknown."
    path, name = f"/admin/money/wallets/{{id:uuid}}/{act.name}", act.name.replace("-", "_")
    return (
        page("GET", path, f"wallet.{name}_form", show, needs=act.needs),
        page("POST", path, f"wallet.{name}", answer, needs=act.needs),
    )


DOORS = tuple(door for act in ACTS for door in _doors(act))
