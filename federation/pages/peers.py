"""The office's peers: whom we exchange with, what goes each way, how it goes, and the verbs."""

from collections.abc import Callable
from typing import Any, Final

from msgspec import Struct
from sqlalchemy.orm import Session
from starlette.responses import Response

from federation.actors.keys import trusted_keys
from federation.exchange import exchange_of
from federation.models.actors import RemoteActor
from federation.pages.office import counts, done, scopes_of, words_of
from federation.peer_keys import keys_of
from federation.peering import flows
from federation.peering.listing import Neighbour, count_calls, neighbour, neighbours
from federation.peering.terms import MODES, sharing
from federation.permissions import MANAGE
from federation.rotation import fingerprint
from federation.urls import origin
from kit.errors import Invalid, Refusal
from kit.features import MenuEntry
from kit.i18n import _, lazy
from kit.web import Call, flow, page, read

OURS: Final = {
    "all": lazy("All my events"),
    "tags": lazy("My events: {tags}"),
    "none": lazy("Nothing"),
}
THEIRS: Final = {
    "all": lazy("All their events"),
    "tags": lazy("Their events: {tags}"),
    "none": lazy("Nothing yet"),
}


class PeerForm(Struct):
    """Whom to invite."""

    address: str


class Compared(Struct):
    """The fingerprint that was on the page."""

    shown: str


@read
def listing(call: Call, session: Session) -> Response:
    """Those that wait for an answer first."""
    scopes = scopes_of(call, session)
    rows = [
        (one, words_of(scopes, one.gives, OURS), words_of(scopes, one.takes, THEIRS))
        for one in neighbours(session)
    ]
    return call.page("federation/peers.html", rows=rows, counts=counts(session))


@read
def new(call: Call, session: Session) -> Response:
    """An empty form."""
    return _new(call, session, {}, None)


@flow
async def invite(call: Call) -> Response:
    """Offer to exchange with the node at an address."""
    try:
        gives = _chosen(call)
        address = call.form(PeerForm).address
        actor = await flows.invite(call.app, call.principal, address, gives)
    except Refusal as refusal:
        values, said = call.form_values(), refusal
        return await call.app.db.aread(lambda session: _new(call, session, values, said))
    found = next(one for one in await call.app.db.aread(neighbours) if one.actor == actor)
    return call.see_other("federation.peers.one", id=found.id, notice=_("The invitation is on its way."))


@read
def one(call: Call, session: Session) -> Response:
    """One peer: what goes each way, how it goes, its keys."""
    found = neighbour(session, call.path["id"])
    scopes = scopes_of(call, session)
    return call.page(
        "federation/peer.html",
        peer=found,
        scopes=scopes,
        given=words_of(scopes, found.gives, OURS),
        taken=words_of(scopes, found.takes, THEIRS),
        prints=_fingerprints(call, session, found.actor),
    )


@flow
def share(call: Call) -> Response:
    """Share more or less."""
    gives = _chosen(call)
    return _act(
        call, lambda peer: flows.share(call.app, call.principal, peer.actor, gives), _("It is saved.")
    )


@flow
def accept(call: Call) -> Response:
    """Say yes."""
    notice = _("We exchange from now on.")
    return _act(call, lambda peer: flows.accept(call.app, call.principal, peer.actor, _chosen(call)), notice)


@flow
def refuse(call: Call) -> Response:
    """Say no."""
    return _act(call, lambda peer: flows.refuse(call.app, call.principal, peer.actor), _("I said no."))


@flow
def withdraw(call: Call) -> Response:
    """Take our offer back."""
    notice = _("The invitation is taken back.")
    return _act(call, lambda peer: flows.withdraw(call.app, call.principal, peer.actor), notice)


@flow
def pause(call: Call) -> Response:
    """Nothing new for now."""
    notice = _("The exchange is paused.")
    return _act(call, lambda peer: flows.pause(call.app, call.principal, peer.actor, on=True), notice)


@flow
def resume(call: Call) -> Response:
    """Go on."""
    notice = _("The exchange goes on.")
    return _act(call, lambda peer: flows.pause(call.app, call.principal, peer.actor, on=False), notice)


@read
def ask_stop(call: Call, session: Session) -> Response:
    """Really end it?"""
    peer = neighbour(session, call.path["id"])
    return call.page(
        "federation/confirm.html",
        question=_("End the exchange with {name}?").format(name=peer.name),
        sentences=[
            _("Their events leave my agenda. Mine leave theirs."),
            _("We may begin again later, when one of us invites the other."),
        ],
        verb=_("End the exchange"),
        picture="plugs",
        action=call.url("federation.peers.stop", id=peer.id),
        keep=_("Go on exchanging"),
        back=call.url("federation.peers.one", id=peer.id),
    )


@flow
def stop(call: Call) -> Response:
    """End it."""
    return _act(
        call, lambda peer: flows.stop(call.app, call.principal, peer.actor), _("The exchange is over.")
    )


@read
def ask_block(call: Call, session: Session) -> Response:
    """Really cut it off?"""
    peer = neighbour(session, call.path["id"])
    return call.page(
        "federation/confirm.html",
        question=_("Block {name}?").format(name=peer.name),
        sentences=[
            _("I read nothing more from {host}. I send nothing there.").format(host=peer.host),
            _("The exchange ends. The villages that it founded are left."),
        ],
        verb=_("Block this site"),
        picture="prohibit",
        action=call.url("federation.peers.block", id=peer.id),
        keep=_("Change nothing"),
        back=call.url("federation.peers.one", id=peer.id),
    )


@flow
def block(call: Call) -> Response:
    """Cut it off."""
    peer = _peer(call)
    return done(
        call,
        lambda: flows.block(call.app, call.principal, origin(peer.actor)),
        _("{host} is blocked.").format(host=peer.host),
        "federation.blocks",
    )


@flow
def trust(call: Call) -> Response:
    """Somebody compared the fingerprints: those that the page showed, and no later ones."""
    peer, compared = _peer(call), call.form(Compared).shown
    with call.app.db.read() as session:
        is_same = _fingerprints(call, session, peer.actor)["today"] == compared
    if not is_same:
        notice = _("Their signs changed meanwhile. I compare once more.")
        return call.see_other("federation.peers.one", id=peer.id, notice=notice)
    notice = _("The new keys count from now on.")
    return _act(call, lambda peer: flows.trust_keys(call.app, call.principal, peer.actor), notice)


def _act(call: Call, act: Callable[[Neighbour], Any], notice: str) -> Response:
    peer = _peer(call)
    return done(call, lambda: act(peer), notice, "federation.peers.one", id=peer.id)


def _peer(call: Call) -> Neighbour:
    with call.app.db.read() as session:
        return neighbour(session, call.path["id"])


def _chosen(call: Call) -> dict[str, Any]:
    """The settings of the form: one radio and some tags for each scope. Raises Invalid without a choice."""
    names = [scope.name for feature in call.app.house.features for scope in feature.peer_scopes]
    modes = {name: call.fields.get(f"mode_{name}", [""])[-1] for name in names}
    wrong = {f"mode_{name}": _("I choose what I share.") for name, mode in modes.items() if mode not in MODES}
    if wrong:
        raise Invalid(_("I choose what I share."), fields=wrong)
    return {name: sharing(mode, call.fields.get(f"tags_{name}", [])) for name, mode in modes.items()}


def _new(call: Call, session: Session, values: dict[str, str], refusal: Refusal | None) -> Response:
    return call.page(
        "federation/peer_new.html",
        refusal.status if refusal else 200,
        values=values,
        refusal=refusal,
        scopes=scopes_of(call, session),
    )


def _fingerprints(call: Call, session: Session, actor: str) -> dict[str, str]:
    """Ours, theirs as believed, and theirs as they show it today."""
    known = session.get(RemoteActor, actor)
    believed = [key.multibase for key in trusted_keys(session, actor).values()]
    shown = [key.multibase for key in keys_of(known.profile).values()] if known else []
    return {
        "ours": exchange_of(call.app).identity.keys.current.fingerprint,
        "theirs": fingerprint(believed) if believed else "",
        "today": fingerprint(shown) if shown else "",
    }


HERE = "/admin/peers"
ONE = f"{HERE}/{{id:uuid}}"
DOORS = (
    page("GET", HERE, "federation.peers", listing, needs=MANAGE),
    page("GET", f"{HERE}/new", "federation.peers.new", new, needs=MANAGE),
    page("POST", HERE, "federation.peers.invite", invite, needs=MANAGE),
    page("GET", ONE, "federation.peers.one", one, needs=MANAGE),
    page("POST", f"{ONE}/sharing", "federation.peers.share", share, needs=MANAGE),
    page("POST", f"{ONE}/accept", "federation.peers.accept", accept, needs=MANAGE),
    page("POST", f"{ONE}/refuse", "federation.peers.refuse", refuse, needs=MANAGE),
    page("POST", f"{ONE}/withdraw", "federation.peers.withdraw", withdraw, needs=MANAGE),
    page("POST", f"{ONE}/pause", "federation.peers.pause", pause, needs=MANAGE),
    page("POST", f"{ONE}/resume", "federation.peers.resume", resume, needs=MANAGE),
    page("GET", f"{ONE}/stop", "federation.peers.ask_stop", ask_stop, needs=MANAGE),
    page("POST", f"{ONE}/stop", "federation.peers.stop", stop, needs=MANAGE),
    page("GET", f"{ONE}/block", "federation.peers.ask_block", ask_block, needs=MANAGE),
    page("POST", f"{ONE}/block", "federation.peers.block", block, needs=MANAGE),
    page("POST", f"{ONE}/keys", "federation.peers.trust", trust, needs=MANAGE),
)
MENU = MenuEntry(lazy("Peers"), "federation.peers", "handshake", needs=MANAGE, order=61, badge=count_calls)
