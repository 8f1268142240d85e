"""What takes a question to another node: a card that nobody here knows, what a member holds elsewhere."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from uuid import UUID

from kit import clock
from kit.app import App
from kit.errors import Refusal
from kit.ids import new_id
from kit.ports import PortMissing
from wallet.between.desk import milliseconds
from wallet.between.messages import AnyMessage, Card, LookUp, Message, Refused
from wallet.between.port import Village
from wallet.card_refusals import CardAltered, CardMessageMalformed, CardWrong
from wallet.cards.reading import Tap
from wallet.queries.village_directory import Whose, primary_question, whose
from wallet.queries.village_due import due_questions
from wallet.refusals import CardReplayed, CardUnknown
from wallet.service.village_holdings import ask_holdings, unasked

PRIMARY_MS: Final = 1_000
"""How long a till waits for the primary about a card that nobody in the village knows."""
HOME_MS: Final = 700
"""How long it waits for the home of a chip that proves its taps."""
HOLDINGS_MS: Final = 1_500
"""How long a page waits for balances held elsewhere; later ones are there the next time."""
WRONG_TAPS: Final[Mapping[str, type[Refusal]]] = {
    one.name: one for one in (CardAltered, CardMessageMalformed, CardReplayed, CardWrong)
}


async def whose_anywhere(app: App, tap: Tap) -> Whose:
    """`whose`, and the network's primary is asked when nobody in the village knows the card.

    A tap that proves itself is taken to its home, which then tells the holder's handles elsewhere. Raises
    CardUnknown, CardAmbiguous, and as `whose`; CardAltered, CardReplayed, CardWrong when its home says so.
    """
    try:
        found = await app.db.aread(lambda session: whose(session, tap))
    except CardUnknown:
        question = await app.db.aread(lambda session: primary_question(session, tap))
        if question is None or await _ask(app, *question, PRIMARY_MS) is None:
            raise
        found = await app.db.aread(lambda session: whose(session, tap))
    return await proven_at_home(app, found)


async def proven_at_home(app: App, found: Whose) -> Whose:
    """The same card with what its home says of the chip's message; as it was, when nobody can be asked.

    Raises CardAltered, CardReplayed, CardWrong, CardMessageMalformed.
    """
    key = found.keys.get(found.home)
    if found.card is not None or not found.sun or key is None:
        return found
    question = LookUp(id=new_id(), made=milliseconds(clock.now()), card=key, sun=found.sun)
    answer = await _ask(app, found.home, question, HOME_MS)
    if isinstance(answer, Card):
        return replace(found, state=answer.state, handles=answer.handles, proofs=answer.proofs)
    if isinstance(answer, Refused) and answer.why in WRONG_TAPS:
        raise WRONG_TAPS[answer.why]
    return found


async def look_elsewhere(app: App, wallet_id: UUID, *, wait: bool = True) -> None:
    """Ask every node where a wallet is known what it holds there; a fresh answer is not asked for again."""
    if not await app.db.aread(lambda session: unasked(session, wallet_id)):
        return
    asked = await app.db.awrite(lambda session: ask_holdings(session, wallet_id))
    if not wait:
        return  # the driver asks
    questions = await app.db.aread(lambda session: due_questions(session, asked))
    await asyncio.gather(*(_ask(app, peer, question, HOLDINGS_MS) for peer, question in questions))


async def _ask(app: App, peer: str, question: Message, ms: int) -> AnyMessage | None:
    """The answer, which is kept already; None when none came."""
    try:
        village = app.ports.take(Village)  # type: ignore[type-abstract]
    except PortMissing:
        return None
    return await village.ask(peer, question, ms)
