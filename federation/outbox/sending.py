"""send: an activity and its deliveries, in the transaction of the fact that they tell."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from federation import bells
from federation.models.outbox import DROPPED, WAITING, Delivery, OutboxActivity
from federation.outbox.recipients import Audience, Recipient, recipients
from federation.urls import origin
from kit import clock
from kit.ids import new_id

VILLAGERS_GET = timedelta(days=7)
STRANGERS_GET = timedelta(days=2)


def send(
    session: Session,
    activity: dict[str, Any],
    *,
    object_id: str,
    scope: str = "agenda",
    labels: frozenset[str] = frozenset(),
    public: bool = True,
    order_key: str | None = None,
    supersede: bool = False,
    only: Sequence[str] | None = None,
    listed: bool = True,
    not_before: datetime | None = None,
) -> uuid.UUID:
    """Queue `activity` (with its `actor`) for followers and villagers, or for `only` these actors.

    Missing `id` and `published` are filled in. Deliveries with one `order_key` (the object, unless said
    otherwise) reach an inbox in the order of the calls. `supersede` drops older Updates of the object that
    nobody was tried with yet. What is not `listed` is in no collection. `not_before` puts the first attempt
    off. Raises ValueError when the activity names no web actor.
    """
    row = _activity_row(activity, object_id, scope, order_key)
    row.is_public = public and listed and only is None
    session.add(row)
    session.flush()
    found = recipients(session, Audience(scope, labels, public, only))
    if supersede:
        _drop_older_updates(session, row, [one.inbox for one in found])
    if found:
        session.execute(insert(Delivery), [_delivery(row, one, not_before) for one in found])
        bells.ring_after_commit(session, bells.OUTBOX)
    return row.id


def _activity_row(
    activity: dict[str, Any], object_id: str, scope: str, order_key: str | None
) -> OutboxActivity:
    home = origin(str(activity.get("actor", "")))
    if not home:
        raise ValueError("an activity of ours names its actor")
    identity, now = new_id(), clock.now()
    body = {"id": f"{home}/activities/{identity}", "published": _stamp(now)} | activity
    return OutboxActivity(
        id=identity,
        uri=body["id"],
        type=str(activity["type"]),
        object_id=object_id,
        scope=scope,
        order_key=order_key or object_id,
        body=body,
        sealed=None,
        created_at=now,
    )


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _delivery(row: OutboxActivity, to: Recipient, not_before: datetime | None) -> dict[str, Any]:
    return {
        "activity_id": row.id,
        "inbox": to.inbox,
        "origin": to.origin,
        "actor": to.actor,
        "order_key": row.order_key,
        "state": WAITING,
        "attempts": 0,
        "last_error": "",
        "next_at": max(row.created_at, not_before or row.created_at),
        "give_up_at": row.created_at + (VILLAGERS_GET if to.is_peer else STRANGERS_GET),
    }


def _drop_older_updates(session: Session, row: OutboxActivity, inboxes: list[str]) -> None:
    older = select(OutboxActivity.id).where(
        OutboxActivity.object_id == row.object_id,
        OutboxActivity.type == "Update",
        OutboxActivity.id != row.id,
    )
    session.execute(
        update(Delivery)
        .where(Delivery.activity_id.in_(older), Delivery.inbox.in_(inboxes))
        .where(Delivery.state == WAITING, Delivery.attempts == 0)
        .values(state=DROPPED, last_error="superseded", settled_at=row.created_at)
        .execution_options(synchronize_session=False)
    )
