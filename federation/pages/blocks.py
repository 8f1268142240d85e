"""The office's blocks: sites from which nothing is read and where nothing is sent."""

from typing import Annotated

from msgspec import Meta, Struct
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from federation.models.origins import Block
from federation.pages.office import Address, counts, done
from federation.peering import flows
from federation.permissions import MANAGE
from federation.refusals import NotUnderstood
from federation.urls import origin
from kit.errors import Refusal
from kit.i18n import _
from kit.web import Call, flow, page, read


class BlockForm(Struct):
    """Which site, and why (for the team)."""

    address: str
    reason: Annotated[str, Meta(max_length=500)] = ""


@read
def listing(call: Call, session: Session) -> Response:
    """Every block, and the form."""
    return _page(call, session)


@flow
def add(call: Call) -> Response:
    """Cut a site off."""
    try:
        form = call.form(BlockForm)
        site = site_of(form.address)
        flows.block(call.app, call.principal, site, form.reason)
    except Refusal as refusal:
        with call.app.db.read() as session:
            return _page(call, session, refusal)
    return call.see_other("federation.blocks", notice=_("{host} is blocked.").format(host=site))


@flow
def lift(call: Call) -> Response:
    """Read and write to it again."""
    site = call.form(Address).address
    notice = _("{host} is not blocked any more.").format(host=site)
    return done(call, lambda: flows.unblock(call.app, call.principal, site), notice, "federation.blocks")


def site_of(address: str) -> str:
    """`https://host` of an address, a bare host or an account. Raises NotUnderstood."""
    text = address.strip().rpartition("@")[2]
    found = origin(text if "://" in text else f"https://{text}")
    if not found:
        raise NotUnderstood(_("This is not the address of a site."), cause=address)
    return found


def _page(call: Call, session: Session, refusal: Refusal | None = None) -> Response:
    blocks = session.scalars(select(Block).order_by(Block.since.desc(), Block.subject)).all()
    return call.page(
        "federation/blocks.html",
        refusal.status if refusal else 200,
        blocks=blocks,
        values=call.form_values(),
        refusal=refusal,
        counts=counts(session),
    )


HERE = "/admin/blocks"
DOORS = (
    page("GET", HERE, "federation.blocks", listing, needs=MANAGE),
    page("POST", HERE, "federation.blocks.add", add, needs=MANAGE),
    page("POST", f"{HERE}/end", "federation.blocks.lift", lift, needs=MANAGE),
)
