"""What peers say that moves no money: cards, members, terms, grants. One function for each word."""

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from kit.db import Database
from kit.faults import at
from wallet.between import messages as say
from wallet.between.messages import AnyMessage, Message
from wallet.queries import village_cards as cards
from wallet.service import village_cards as directories
from wallet.service import village_grants as grants
from wallet.service import village_grants_over as over
from wallet.service import village_hearing as terms
from wallet.service import village_taps as taps

T = TypeVar("T")
Answering = Callable[[Session, str, Any], Message]

READS: Final[Mapping[type, Answering]] = {
    say.LookUp: cards.look_up,
    say.Holdings: cards.holdings,
    say.History: cards.history,
}
WRITES: Final[Mapping[type, Answering]] = {
    say.Bind: directories.hear_bind,
    say.Hotlist: directories.hear_hotlist,
    say.Limits: terms.hear_limits,
    say.Grant: grants.hear_grant,
    say.Revoke: over.hear_revoke,
    say.Used: over.hear_used,
}
ANSWERS: Final = (say.Card, say.Held, say.Movements, say.Noted, say.Agreed, say.Revoked, say.Refused)
MOMENTS: Final[Mapping[type, str]] = {say.Revoke: "grant-ended", say.Revoked: "grant-closed"}
PLAIN: Final = (*READS, *WRITES, *ANSWERS)
"""Everything that is not decided together with money."""


async def hear_plain(
    database: Database, peer: str, message: AnyMessage, told: MutableMapping[UUID, Message]
) -> Message | None:
    """The answer to a question; None to an answer, which is kept when it is to something in `told`."""
    if isinstance(message, say.LookUp) and message.sun:
        return await database.awrite(lambda session: taps.hear_tap(session, peer, message))
    if type(message) in READS:
        return await database.aread(lambda session: READS[type(message)](session, peer, message))
    if type(message) in WRITES:
        return await _write(database, message, lambda session: WRITES[type(message)](session, peer, message))
    asked = told.pop(message.id, None)
    if asked is not None:
        await _write(database, message, lambda session: _keep(session, peer, asked, message))
    elif isinstance(message, say.Agreed):  # a change of mind, which is a question of its own
        return await database.awrite(lambda session: terms.hear_agreed(session, peer, message))
    return None


async def _write(database: Database, message: AnyMessage, act: Callable[[Session], T]) -> T:
    """`database.awrite`, between the moments of what must survive a death on either side."""
    moment = MOMENTS.get(type(message), "")
    at(f"{moment}.before")
    answer = await database.awrite(act)
    at(f"{moment}.after")
    return answer


async def holders_of(database: Database, peer: str, charges: Sequence[say.Charge]) -> dict[UUID, cards.Shown]:
    """The card of this house that each charge is about, or another home's proof, or why it may not pay."""
    return await database.alook(lambda session: cards.holders_of(session, peer, charges))


def _keep(session: Session, peer: str, asked: Message, answer: AnyMessage) -> None:
    if isinstance(asked, say.Limits | say.Agreed):
        terms.heard_about_terms(session, peer, asked, answer)
    elif isinstance(asked, say.Grant | say.Revoke | say.Used):
        over.heard_about_grants(session, peer, asked, answer)
    else:
        directories.heard_about_cards(session, peer, asked, answer)
