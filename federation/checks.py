"""What `hameau verify` reads again of the exchange: received messages still say what was proved."""

from collections.abc import Iterator

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from federation.inbox.content import content_hash_of
from federation.models.inbox import InboxMessage
from kit.features import Check

AT_ONCE = 500


def received_messages(session: Session) -> Iterator[tuple[str, str]]:
    """Each stored message, and why it is broken ("" when it is not)."""
    query = select(InboxMessage.seq, InboxMessage.content_hash, InboxMessage.body).order_by(InboxMessage.seq)
    for seq, content_hash, body in session.execute(query.execution_options(yield_per=AT_ONCE)):
        yield f"inbox_message {seq}", _broken(content_hash, body)


def _broken(content_hash: str, body: bytes) -> str:
    try:
        says = content_hash_of(msgspec.json.decode(body, type=dict))
    except (msgspec.MsgspecError, ValueError):
        return "the stored message cannot be read"
    return "" if says == content_hash else "the stored message is not the one that was proved"


CHECKS = (Check("received messages", received_messages),)
