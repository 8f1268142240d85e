"""What nodes say about grants: one that begins, its end, and how much of it is in use."""

from typing import Literal
from uuid import UUID

from wallet.between.said import Message, Moment, Number


class Grant(Message, frozen=True, kw_only=True, tag="grant"):
    """The hearer may accept up to these amounts while the speaker cannot be asked.

    `bearer`: who bears what a wallet then cannot pay. `hotlist_age`: no older than that, in seconds.
    """

    acceptor: str
    asset: str
    per_tap: Number
    per_card: Number
    per_card_day: Number
    node_max: Number
    since: Moment
    until: Moment
    hotlist_age: Number = 86_400
    bearer: Literal["issuer", "acceptor"] = "issuer"


class Revoke(Message, frozen=True, kw_only=True, tag="revoke"):
    """The grant of this id is over. What was accepted before it was heard may still be presented."""


class Revoked(Message, frozen=True, kw_only=True, tag="revoked"):
    """The answer: nothing more is accepted. `due`: the charges that were, and whose presentation follows.

    Signed, and the same for ever: what is not in it was accepted later, whatever its date says.
    """

    used: Number
    due: tuple[UUID, ...] = ()


class Used(Message, frozen=True, kw_only=True, tag="grant.used"):
    """So much is accepted under the grant and not answered yet, by its acceptor."""

    grant: UUID
    used: Number
