"""The driver: looks at the rows that are not over, and lets the completer say what is due. For ever."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from random import SystemRandom
from typing import Final

import structlog
from sqlalchemy.orm import Session

from kit.app import App
from kit.errors import Refusal
from wallet.between.completer import Completer
from wallet.between.messages import Message
from wallet.between.shapes import Clearing, Mirror, Payment
from wallet.federated.engine import Engine, now_ms
from wallet.pairing import pairing_of
from wallet.queries.village_due import due_cards
from wallet.queries.village_terms import due_terms
from wallet.village_store.waiting import their_mirrors, waiting_clearings, waiting_payments

log = structlog.get_logger("wallet.village")

PAUSE: Final = 0.5
"""Seconds between two looks at the rows of money."""
PLAIN_EVERY: Final = 2
"""Looks at money for each look at cards and terms, which are due within a minute."""
REPEAT_MS: Final = 5_000
"""A plain message that was not answered is said again after that."""


class Driver:
    """One for each node: on PostgreSQL, the process that leads. Only how long it waited is kept here."""

    def __init__(self, app: App, engine: Engine, is_leader: Callable[[], Awaitable[bool]]) -> None:
        self._db, self._engine, self._is_leader = app.db, engine, is_leader
        self._completer = Completer(SystemRandom())
        self._said_at: dict[object, int] = {}

    async def run(self) -> None:
        """Drive; a stumble is logged and costs a pause."""
        turn = 0
        while True:
            try:
                if await self._is_leader():
                    await self.drive()
                    if turn % PLAIN_EVERY == 0:
                        await self.say_plain()
            except Refusal as refusal:
                log.info("village_waits", why=refusal.name)
            except Exception:
                log.exception("village_stumbled")
            turn += 1
            await asyncio.sleep(PAUSE)

    async def drive(self) -> None:
        """Say once what is due about money."""
        payments, clearings, mirrors = await self._db.aread(_unfinished)
        late = set(self._completer.late(payments, now_ms()))
        await self._engine.give_up([one for one in payments if one.id in late])
        waiting = [one for one in payments if one.id not in late]
        for peer, item in self._completer.due(waiting, clearings, mirrors, now_ms()):
            self._engine.say(peer, [item])

    async def say_plain(self) -> None:
        """Say once what is due about cards and terms."""
        due = await self._db.aread(_plain)
        now = now_ms()
        self._said_at = {key: at for key, at in self._said_at.items() if now - REPEAT_MS < at <= now}
        for peer, message in due:
            if (peer, message.id) not in self._said_at and self._engine.reachable(peer):
                self._said_at[peer, message.id] = now
                self._engine.say_plain(peer, message)


def _unfinished(
    session: Session,
) -> tuple[Sequence[Payment], Sequence[Clearing], Sequence[Mirror]]:
    return waiting_payments(session, now_ms()), waiting_clearings(session), their_mirrors(session)


def _plain(session: Session) -> list[tuple[str, Message]]:
    peers = list(pairing_of(session).peers(session))
    return [*due_terms(session, peers), *due_cards(session, peers)]
