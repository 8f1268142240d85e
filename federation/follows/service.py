"""The verbs of following, inside one transaction."""

from typing import Any

from sqlalchemy.orm import Session

from federation.blocks import Blocked, is_blocked
from federation.models.actors import RemoteActor
from federation.models.follows import ACCEPTED, ASKED, REFUSED, Follower, Following
from federation.outbox.sending import send
from federation.refusals import NotUnderstood
from kit import clock
from kit.errors import Conflict, NotFound
from kit.i18n import lazy
from kit.ids import new_id


class CannotFollowMyself(Conflict):
    name = "cannot_follow_myself"
    default = lazy("I cannot follow my own node.")


class NotFollowed(NotFound):
    name = "not_followed"
    default = lazy("I do not follow this address.")


def follow(session: Session, own_actor: str, actor: str) -> Following:
    """Ask a known remote actor for its public messages; asking again while it waits sends nothing.

    Raises CannotFollowMyself, Blocked, or NotUnderstood for an actor that was never fetched.
    """
    if actor == own_actor:
        raise CannotFollowMyself
    if is_blocked(session, actor):
        raise Blocked
    if session.get(RemoteActor, actor) is None:
        raise NotUnderstood(cause=f"{actor!r} is not known")
    row = session.get(Following, actor)
    if row is not None and row.state != REFUSED:
        return row
    asked = f"{own_actor.removesuffix('/actor')}/follows/{new_id()}"
    row = session.merge(
        Following(actor_uri=actor, follow_id=asked, state=ASKED, asked_at=clock.now(), answered_at=None)
    )
    _tell(session, follow_activity(own_actor, actor, asked), actor)
    return row


def unfollow(session: Session, own_actor: str, actor: str) -> None:
    """Ask for no more messages. Raises NotFollowed."""
    row = session.get(Following, actor)
    if row is None:
        raise NotFollowed
    undo = {
        "type": "Undo",
        "actor": own_actor,
        "to": [actor],
        "object": follow_activity(own_actor, actor, row.follow_id),
    }
    session.delete(row)
    _tell(session, undo, actor)


def add_follower(session: Session, own_actor: str, follow: dict[str, Any], actor: str) -> None:
    """Note a follower and answer yes. The actor was fetched to check its signature, so it is known."""
    known = session.get(RemoteActor, actor)
    if known is None:
        raise NotUnderstood(cause=f"{actor!r} follows and is not known")
    follow_id = str(follow.get("id") or "")
    row = session.get(Follower, actor)
    since = row.since if row else clock.now()
    session.merge(Follower(actor_uri=actor, follow_id=follow_id, inbox=known.delivery_inbox, since=since))
    answer = {key: follow[key] for key in ("id", "type", "actor", "object") if key in follow}
    _tell(session, {"type": "Accept", "actor": own_actor, "to": [actor], "object": answer}, actor)


def remove_follower(session: Session, actor: str) -> None:
    """Send it nothing public any more; nothing happens when it did not follow."""
    row = session.get(Follower, actor)
    if row is not None:
        session.delete(row)


def note_answer(session: Session, actor: str, follow_id: str, *, accepted: bool) -> None:
    """What an actor answered to our Follow. Raises NotFollowed unless it names what we sent to that actor."""
    row = session.get(Following, actor)
    if row is None or row.follow_id != follow_id:
        raise NotFollowed(cause=f"{actor!r} answers {follow_id!r}, which we did not send there")
    row.state = ACCEPTED if accepted else REFUSED
    row.answered_at = clock.now()


def follow_activity(own_actor: str, actor: str, follow_id: str) -> dict[str, Any]:
    """The Follow that we send, and embed again to undo it."""
    return {"id": follow_id, "type": "Follow", "actor": own_actor, "object": actor, "to": [actor]}


def _tell(session: Session, activity: dict[str, Any], actor: str) -> None:
    send(
        session,
        activity,
        object_id=actor,
        scope="follows",
        order_key=f"follow {actor}",
        public=False,
        only=[actor],
    )
