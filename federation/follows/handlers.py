"""Follow, Undo, Accept, Reject: what they change here (ActivityPub §7.5 to §7.7, §7.10)."""

from sqlalchemy.orm import Session

from federation.follows.service import NotFollowed, add_follower, note_answer, remove_follower
from federation.models.follows import Follower
from federation.reading import id_of, target_of
from federation.received import Received
from federation.refusals import NotUnderstood, OtherActor


def on_follow(session: Session, received: Received) -> None:
    """Somebody follows this node: accepted at once, whoever it is (blocks were checked before)."""
    if target_of(received.activity) != received.own_actor:
        raise NotUnderstood(cause="a Follow of something that cannot be followed here")
    add_follower(session, received.own_actor, received.activity, received.actor)


def on_undo_follow(session: Session, received: Received) -> None:
    """Only the follower undoes its own Follow, and names it by its id or by what it was."""
    row = session.get(Follower, received.actor)
    if row is None:
        return
    said_actor = received.object.get("actor")
    if said_actor is not None and id_of(said_actor) != received.actor:
        raise OtherActor(cause="an Undo of somebody else's Follow")
    names_us = target_of(received.object) == received.own_actor
    if not names_us and received.object.get("id") != row.follow_id:
        raise NotFollowed(cause="an Undo that names another Follow")
    remove_follower(session, received.actor)


def on_undo(session: Session, received: Received) -> None:
    """An Undo that gives an id alone: a Follow, if it is the one we know."""
    row = session.get(Follower, received.actor)
    if row is None or received.object.get("id") != row.follow_id:
        raise NotUnderstood(cause="an Undo of something that was never done here")
    remove_follower(session, received.actor)


def on_accept(session: Session, received: Received) -> None:
    """Our Follow was accepted: the answer must name what we sent to that very actor."""
    note_answer(session, received.actor, str(received.object.get("id", "")), accepted=True)


def on_reject(session: Session, received: Received) -> None:
    """Our Follow was refused, now or after having been accepted."""
    note_answer(session, received.actor, str(received.object.get("id", "")), accepted=False)
