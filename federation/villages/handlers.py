"""What other nodes say about villages."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from federation.models.villages import ASKED, INVITED, LEFT, MEMBER, Village
from federation.reading import id_of, object_of
from federation.received import Received
from federation.refusals import NotUnderstood, OtherActor
from federation.standing import standing_of
from federation.urls import same_origin, web_url
from federation.villages import rosters, service, terms
from federation.villages.queries import NoSuchVillage
from federation.villages.restoring import restore_from


def on_invite(session: Session, received: Received) -> None:
    """A founder asks us in: a human answers, or our file, where it declares that village."""
    roster = _invited_to(received)
    known = session.get(Village, roster.village)
    if known is not None and known.state in (MEMBER, ASKED):
        return  # a member already, or our own request is on its way to the founder, who expects us
    was_left = known is not None and known.state == LEFT
    village = rosters.know(session, roster, INVITED, received.id)
    own = standing_of(session)
    if not was_left and any(declared.id == village.uri for declared in own.villages):
        service.join(session, own, village)


def on_join(session: Session, received: Received) -> None:
    """A node asks to come into a village of ours; it may bring the list that we lost."""
    own = standing_of(session)
    village = _ours(session, received.object.get("id"), own.actor)
    if own.expects(village.uri, received.actor):
        restore_from(session, own, village, received.activity.get("vil:roster"))
    service.asked_to_join(session, own, village, received.actor, received.id)


def on_accept_join(session: Session, received: Received) -> None:
    """The founder lets us in; only an answer to the Join that we sent to it counts."""
    village = _village(session, received.object.get("object"))
    if village.founder != received.actor or village.request_id != received.object.get("id"):
        raise NotUnderstood(cause="an Accept of a Join that is not ours")
    roster = _roster(received, object_of(received.activity, "result") or {})
    rosters.admitted(session, standing_of(session), roster, received.activity)


def on_reject_join(session: Session, received: Received) -> None:
    """The founder says no."""
    village = _village(session, received.object.get("object"))
    if village.founder != received.actor or village.request_id != received.object.get("id"):
        raise NotUnderstood(cause="a Reject of a Join that is not ours")
    service.was_turned_down(village)


def on_reject_invite(session: Session, received: Received) -> None:
    """A node that we invited says no."""
    service.invitation_declined(session, received.actor, str(received.object.get("id")))


def on_roster(session: Session, received: Received) -> None:
    """`Add`, `Remove` or `Update`: the founder's new list."""
    embedded = received.object if "vil:epoch" in received.object else object_of(received.activity, "target")
    roster = _roster(received, embedded or {})
    rosters.keep_roster(session, standing_of(session), roster, received.activity)


def on_leave(session: Session, received: Received) -> None:
    """A member goes. Always honoured."""
    own = standing_of(session)
    village = _ours(session, received.object.get("id"), own.actor)
    service.gone(session, own, village, received.actor)


def _invited_to(received: Received) -> terms.Roster:
    founder, body = received.actor, received.object
    uri = web_url(body.get("id"))
    if uri is None or not same_origin(uri, founder) or id_of(body.get("attributedTo")) != founder:
        raise OtherActor(cause="an invitation to somebody else's village")
    if received.activity.get("target") != received.own_actor:
        raise NotUnderstood(cause="an invitation of somebody else")
    name, charter = str(body.get("name") or uri)[: terms.LONGEST_NAME], str(body.get("vil:charter") or "")
    return terms.Roster(uri, name, founder, charter[: terms.LONGEST_CHARTER], 0, ())


def _roster(received: Received, document: Mapping[str, Any]) -> terms.Roster:
    """Only the founder's own list counts, and only with its proof: every member may show it later."""
    roster = terms.read_roster(document)
    if roster is None or roster.founder != received.actor or "proof" not in received.activity:
        raise OtherActor(cause="a list that is not signed by its founder")
    return roster


def _village(session: Session, uri: Any) -> Village:
    village = session.get(Village, id_of(uri) or "")
    if village is None:
        raise NoSuchVillage
    return village


def _ours(session: Session, uri: Any, own: str) -> Village:
    village = _village(session, uri)
    if village.founder != own:
        raise NoSuchVillage(cause="another node keeps this village")
    return village
