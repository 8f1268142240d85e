"""The node tells of itself: an `Update` of its own actor when its look, its words or its keys change."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from config.collective import Collective
from federation.documents.actor import actor_document
from federation.identity import identity_of
from federation.models.outbox import Delivery, OutboxActivity
from federation.namespace import PUBLIC
from federation.outbox.sending import send
from kit import clock
from kit.choices import ChoiceSaved, read_choice
from kit.facts import Listener

SOON: Final = timedelta(seconds=2)
"""Somebody who changes a name and a colour presses "Save" twice: both leave together."""
APART: Final = timedelta(minutes=1)
"""The first change of a minute leaves soon; those that follow leave as one when the minute is over."""


def on_choice_saved(session: Session, fact: ChoiceSaved) -> None:
    """The collective describes itself in other words."""
    if isinstance(fact.value, Collective) and fact.value.set_up:
        tell_of_itself(session)


def keys_changed(session: Session) -> None:
    """Everybody is told; what was sealed with the former key is sealed anew before it leaves or is shown."""
    session.execute(update(OutboxActivity).values(sealed=None).execution_options(synchronize_session=False))
    tell_of_itself(session)


def tell_of_itself(session: Session) -> None:
    """Queue the node's actor as it is now, for villagers and followers, in place of one that still waits."""
    identity = identity_of(session)
    if identity is None:
        return
    house = read_choice(session, Collective)
    document = actor_document(identity.card(house, identity.picture(house)))
    document.pop("@context")
    activity = {
        "type": "Update",
        "actor": identity.actor,
        "to": [PUBLIC],
        "cc": [f"{identity.url}/followers"],
        "object": document,
    }
    when = _when(session, identity.actor)
    send(
        session,
        activity,
        object_id=identity.actor,
        scope="",
        listed=False,
        supersede=True,
        not_before=when,
    )


def _when(session: Session, actor: str) -> datetime:
    """Soon, or a minute after the last one that left."""
    left = select(func.max(OutboxActivity.created_at)).join(Delivery)
    last = session.scalar(left.where(OutboxActivity.object_id == actor, Delivery.attempts > 0))
    soon = clock.now() + SOON
    return max(soon, last + APART) if last else soon


LISTENERS: Final[Mapping[type, tuple[Listener, ...]]] = {ChoiceSaved: (on_choice_saved,)}
