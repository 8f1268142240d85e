"""The office's follows: who follows us from anywhere, whom we follow."""

from sqlalchemy.orm import Session
from starlette.responses import Response

from federation.follows import flows, queries
from federation.pages.office import Address, counts
from federation.permissions import MANAGE
from kit.errors import Refusal
from kit.i18n import _
from kit.web import Call, flow, page, read


@read
def listing(call: Call, session: Session) -> Response:
    """Both lists."""
    return _page(call, session)


@flow
async def follow(call: Call) -> Response:
    """Ask for somebody's public events."""
    try:
        await flows.follow(call.app, call.form(Address).address)
    except Refusal as refusal:
        said = refusal
        return await call.app.db.aread(lambda session: _page(call, session, said))
    return call.see_other("federation.follows", notice=_("The request is on its way."))


@flow
async def unfollow(call: Call) -> Response:
    """Ask for nothing more."""
    try:
        await flows.unfollow(call.app, call.form(Address).address)
    except Refusal as refusal:
        return call.see_other("federation.follows", notice=refusal.sentence)
    return call.see_other("federation.follows", notice=_("I do not follow this address any more."))


def _page(call: Call, session: Session, refusal: Refusal | None = None) -> Response:
    return call.page(
        "federation/follows.html",
        refusal.status if refusal else 200,
        followers=queries.followers(session),
        following=queries.followings(session),
        total_followers=queries.count_followers(session),
        address=call.form_values().get("address", ""),
        refusal=refusal,
        account=f"@agenda@{call.app.settings.node.url.partition('://')[2]}",
        counts=counts(session),
    )


HERE = "/admin/follows"
DOORS = (
    page("GET", HERE, "federation.follows", listing, needs=MANAGE),
    page("POST", HERE, "federation.follows.add", follow, needs=MANAGE),
    page("POST", f"{HERE}/end", "federation.follows.end", unfollow, needs=MANAGE),
)
