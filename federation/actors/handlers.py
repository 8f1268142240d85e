"""An actor speaks of itself: a new profile, or a farewell."""

from sqlalchemy.orm import Session

from federation.actors.service import actor_is_gone, remember_actor
from federation.received import Received
from federation.refusals import NotUnderstood


def on_update_itself(session: Session, received: Received) -> None:
    """Its new profile, signed by a key that we trust: that key vouches for the ones it lists now."""
    if received.object.get("id") != received.actor or "inbox" not in received.object:
        raise NotUnderstood(cause="an Update of the actor without its document")
    remember_actor(session, received.object, vouched=received.verified is not None)


def on_delete_itself(session: Session, received: Received) -> None:
    """The actor says that it is no more."""
    actor_is_gone(session, received.actor)


def on_block(session: Session, received: Received) -> None:
    """Somebody blocks us: theirs to decide, nothing to keep (ActivityPub §6.9 asks not to deliver it)."""
