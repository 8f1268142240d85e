"""The same evening in a real database: what the memory was asked is asked of SQLite; bytes are compared."""

import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlalchemy.orm import Session

from kit.db import Database, migrate
from wallet.between.shapes import Agreement, GrantKept, Handle
from wallet.ledger.shapes import Asset
from wallet.models.currency import Currency
from wallet.models.holding import Wallet
from wallet.models.village import VillageAgreement, VillageGrant
from wallet.models.village_cards import VillageHandle
from wallet.simulation.shapes import Violation
from wallet.simulation.store import Asked, Drawers
from wallet.simulation.world import World
from wallet.store.decider import LedgerDecider
from wallet.village_store.decider import Batch, VillageDecider

BIRTH: Final = datetime(2026, 8, 1, tzinfo=UTC)
LINKS: Final = "SELECT body FROM ledger_tx ORDER BY seq"
LINES: Final = "SELECT body FROM village_line ORDER BY issuer, holder, asset, epoch, seq"
ANSWERS: Final = "SELECT body FROM village_answer ORDER BY body"


def same_bytes(seed: int) -> int:
    """Play a seed in memory, then each of its nodes in SQLite. Returns the commits compared.

    Raises Violation `twin` at the first difference, and whatever the seed itself violates.
    """
    world = World(seed, is_recorded=True)
    world.run()
    compared = 0
    for node in world.nodes.values():
        with tempfile.TemporaryDirectory() as folder:
            database = Database(f"sqlite:///{Path(folder) / 'node.db'}", durable=False)
            try:
                migrate.upgrade(database)
                compared += database.write(partial(_replay, node.drawers))
            finally:
                database.close()
    return compared


def _replay(kept: Drawers, session: Session) -> int:
    """Everything that was asked, in one transaction; the writer's own is tested elsewhere."""
    twin = _Twin(session, kept.me)
    for asked in kept.asked or ():
        twin.ask(asked)
    session.flush()
    chain = [link.body for link in kept.ledger.chain]
    lines = [one.body for _, one in sorted(kept.kept_lines.items())]
    answers = sorted(one.body for one in kept.kept_answers.values())
    for what, sql, mine in (("links", LINKS, chain), ("lines", LINES, lines), ("answers", ANSWERS, answers)):
        found = [bytes(row[0]) for row in session.connection().exec_driver_sql(sql)]
        if found != mine:
            raise Violation(
                "twin", f"{what} of {kept.me}: {len(mine)} in memory, {len(found)} in the database"
            )
    return len(kept.asked or ())


class _Twin:
    """One node in a database, asked what the one in memory was asked."""

    def __init__(self, session: Session, me: str) -> None:
        self._session, self._me = session, me
        self._village, self._ledger = VillageDecider(me), LedgerDecider(me)

    def ask(self, asked: Asked) -> None:
        if asked.what == "row":
            for row in asked.rows:
                self._put(row)
            return
        requests: Sequence[Any] = asked.rows if asked.what == "requests" else [Batch(events=asked.rows)]  # type: ignore[arg-type]
        decider: Any = self._ledger if asked.what == "requests" else self._village
        connection = self._session.connection()
        decision = decider.decide(decider.load(connection, requests), requests, asked.now)
        for rows in decision.rows:
            rows.statement.write(connection, rows.values)

    def _put(self, row: object) -> None:
        for one in _rows(row, self._me):
            self._session.merge(one)
        self._session.flush()
        self._session.expunge_all()


def _rows(row: object, me: str) -> list[object]:
    if isinstance(row, Asset):
        issuer = me if row.is_ours else "https://" + row.code.partition("/")[0]
        said = {"name": row.code, "symbol": "", "icon": "", "where_spent": "", "created_at": BIRTH}
        kept = {name: getattr(row, name) for name in ("id", "code", "nature", "reach", "scale", "at_par")}
        return [Currency(**kept, **said, issuer=issuer)]
    if isinstance(row, Handle):
        wallet = Wallet(id=row.wallet, created_at=BIRTH)
        handle = {"handle": row.handle, "wallet_id": row.wallet, "home": row.home, "status": row.status}
        return [wallet, VillageHandle(**handle, rev=1)]
    if isinstance(row, GrantKept):
        said = {name: getattr(row, name) for name in row.__struct_fields__}
        closed = {"closed": None if row.closed is None else [str(one) for one in row.closed]}
        return [VillageGrant(**said | closed, is_ours=row.issuer == me, noted=True, item=b"")]
    return [_agreement(row, me)] if isinstance(row, Agreement) else []


def _agreement(row: Agreement, me: str) -> VillageAgreement:
    said = {name: getattr(row, name) for name in ("asset", "issuer", "acceptor", "epoch")}
    limits = {name: getattr(row, name) for name in ("per_tap", "per_card_day", "per_minute", "node_max")}
    return VillageAgreement(
        **said,
        **limits,
        peer=row.acceptor if row.issuer == me else row.issuer,
        currency_id=row.currency,
        takes=True,
        is_paused_here=row.is_paused,
        is_paused_there=False,
        rev=1,
        changed_at=BIRTH,
    )
