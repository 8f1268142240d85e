"""The three keepers of money between nodes: memory, SQLite, PostgreSQL. Each hears the same, at one time."""

from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from itertools import chain
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from kit.db import Database
from wallet import checks
from wallet.between.desk import milliseconds
from wallet.between.envelope import Said
from wallet.between.events import AnyEvent, Hear, Outcome
from wallet.between.memory import MemoryDrawers
from wallet.between.shapes import Agreement, GrantKept, Handle
from wallet.ledger import requests as ask
from wallet.ledger.book import open_book
from wallet.ledger.decide import decide
from wallet.ledger.shapes import Asset
from wallet.models.currency import Currency
from wallet.models.holding import Wallet
from wallet.models.village import VillageAgreement, VillageGrant
from wallet.models.village_cards import VillageHandle
from wallet.store.decider import LedgerDecider
from wallet.verify.village import guards, village
from wallet.village_store import reading as read
from wallet.village_store.decider import Batch, VillageDecider

BIRTH = datetime(2026, 8, 1, 21, tzinfo=UTC)
Shown = dict[str, list[Any]]
"""Everything kept, by what it is."""


class Keeper(Protocol):
    """One node's money, and how the house around it is furnished."""

    me: str

    def add_asset(self, asset: Asset, issuer: str) -> None: ...

    def add_wallet(self, wallet: UUID) -> None: ...

    def agree(self, agreed: Agreement) -> None: ...

    def add_handle(self, handle: Handle) -> None: ...

    def add_grant(self, grant: GrantKept) -> None: ...

    def ledger(self, request: ask.AnyRequest, now: datetime) -> None: ...

    def run(self, events: Sequence[AnyEvent], now: datetime) -> list[Outcome]: ...

    def shown(self) -> Shown: ...


class InMemory:
    def __init__(self, me: str) -> None:
        self.me = me
        self.drawers = MemoryDrawers(me)

    def add_asset(self, asset: Asset, issuer: str) -> None:
        self.drawers.ledger.currencies[asset.id] = asset

    def add_wallet(self, wallet: UUID) -> None:
        self.drawers.ledger.people.add(wallet)

    def agree(self, agreed: Agreement) -> None:
        self.drawers.kept_agreements[_peer(agreed, self.me), agreed.asset] = agreed

    def add_handle(self, handle: Handle) -> None:
        self.drawers.kept_handles[handle.handle] = handle

    def add_grant(self, grant: GrantKept) -> None:
        self.drawers.kept_grants[grant.id] = grant

    def ledger(self, request: ask.AnyRequest, now: datetime) -> None:
        store = self.drawers.ledger
        store.keep(decide(open_book(store, [request]), [request], now))

    def run(self, events: Sequence[AnyEvent], now: datetime) -> list[Outcome]:
        return self.drawers.submit(events, now)

    def shown(self) -> Shown:
        kept = self.drawers
        alarms = [(one.what, one.peer, one.where, one.item) for one in kept.alarms]
        return {
            "links": [(one.seq, one.hash, one.body) for one in kept.ledger.chain],
            "lines": _sorted((*one.key, one.hash, one.body) for one in kept.kept_lines.values()),
            "answers": _sorted(kept.kept_answers.values()),
            "mirrors": _sorted(kept.kept_mirrors.values()),
            "uses": _sorted(kept.kept_uses.items()),
            "payments": _sorted(kept.kept_payments.values()),
            "grants": _sorted(kept.kept_grants.values()),
            "clearings": _sorted(kept.kept_clearings.values()),
            "checkpoints": _sorted(
                (*(one.issuer, one.holder, one.asset, one.epoch), one.point.seq, one.theirs, one.ours)
                for one in kept.kept_checkpoints
            ),
            "alarms": alarms,
        }


class InTables:
    """`run` is what the writer does with one batch of the kind, at a moment of our choice."""

    def __init__(self, database: Database, me: str) -> None:
        self.database, self.me = database, me
        self.decider = VillageDecider(me)

    def add_asset(self, asset: Asset, issuer: str) -> None:
        self._add(
            Currency(
                id=asset.id,
                code=asset.code,
                issuer=issuer,
                nature=asset.nature,
                reach=asset.reach,
                scale=asset.scale,
                at_par=asset.at_par,
                created_at=BIRTH,
                name=asset.code,
                symbol="",
                icon="",
                where_spent="",
            )
        )

    def add_wallet(self, wallet: UUID) -> None:
        self._add(Wallet(id=wallet, created_at=BIRTH))

    def agree(self, agreed: Agreement) -> None:
        self._add(
            VillageAgreement(
                peer=_peer(agreed, self.me),
                asset=agreed.asset,
                issuer=agreed.issuer,
                acceptor=agreed.acceptor,
                currency_id=agreed.currency,
                epoch=agreed.epoch,
                per_tap=agreed.per_tap,
                per_card_day=agreed.per_card_day,
                per_minute=agreed.per_minute,
                node_max=agreed.node_max,
                takes=True,
                is_paused_here=agreed.is_paused,
                is_paused_there=False,
                rev=1,
                changed_at=BIRTH,
            )
        )

    def add_handle(self, handle: Handle) -> None:
        self._add(
            VillageHandle(
                handle=handle.handle, wallet_id=handle.wallet, home=handle.home, rev=1, status=handle.status
            )
        )

    def add_grant(self, grant: GrantKept) -> None:
        said = {name: getattr(grant, name) for name in grant.__struct_fields__}
        closed = {"closed": None if grant.closed is None else [str(one) for one in grant.closed]}
        self._add(VillageGrant(**said | closed, is_ours=grant.issuer == self.me, noted=True, item=b""))

    def ledger(self, request: ask.AnyRequest, now: datetime) -> None:
        decider = LedgerDecider(self.me)
        self._write(lambda one: decider.decide(decider.load(one, [request]), [request], now))

    def run(self, events: Sequence[AnyEvent], now: datetime) -> list[Outcome]:
        """What is heard comes in one envelope, which is kept."""
        heard = [one for one in events if isinstance(one, Hear)]
        said = envelope(heard[0].peer, self.me, [one.body for one in heard], now) if heard else None
        outcomes: list[Outcome]
        (outcomes,) = self.batches([Batch(events=tuple(events), said=said)], now)
        return outcomes

    def batches(self, batches: Sequence[Batch], now: datetime) -> list[Any]:
        decider = self.decider
        return list(self._write(lambda one: decider.decide(decider.load(one, batches), batches, now)))

    def shown(self) -> Shown:
        with self.database.read() as session:
            return _tables(session.connection())

    def rows(self, sql: str) -> list[Any]:
        with self.database.read() as session:
            return list(session.connection().exec_driver_sql(sql).fetchall())

    def troubles(self) -> list[tuple[str, str]]:
        """What `hameau verify` finds wrong."""
        with self.database.read() as session:
            found = chain(checks.ledger(session), village(session), guards(session))
            return [(where, why) for where, why in found if why]

    def _add(self, row: object) -> None:
        self.database.write(lambda session: session.add(row))

    def _write(self, decide: Any) -> Sequence[Any]:
        def unit(session: Session) -> Sequence[Any]:
            connection = session.connection()
            decision = decide(connection)
            for rows in decision.rows:
                rows.statement.write(connection, rows.values)
            return list(decision.outcomes)

        return self.database.write(unit)


def envelope(peer: str, me: str, items: Sequence[bytes], now: datetime) -> Said:
    """As it was opened; nobody looks at its signature again here."""
    hashes = tuple(sha256(item).digest() for item in items)
    root = sha256(b"".join(hashes)).hexdigest()
    return Said(peer, me, "key", milliseconds(now), tuple(items), hashes, root, b"s" * 64)


def _tables(connection: Connection) -> Shown:
    def all_of(sql: str) -> Sequence[Any]:
        return connection.exec_driver_sql(sql).fetchall()

    def columns(names: str, table: str) -> Sequence[Any]:
        return all_of(f"SELECT {names} FROM {table}")  # noqa: S608

    legs = all_of(f"SELECT {read.LEG} FROM village_leg ORDER BY payment_id, n")  # noqa: S608
    lines = columns("issuer, holder, asset, epoch, seq, hash, body", "village_line")
    answers = columns("id, peer, verb, asked, req, body", "village_answer")
    points = columns("issuer, holder, asset, epoch, seq, theirs, ours", "village_checkpoint")
    links = all_of("SELECT seq, hash, body FROM ledger_tx ORDER BY seq")
    uses = columns("peer, asset, what, amount", "village_use")
    alarms = all_of("SELECT what, peer, place, item FROM village_alarm ORDER BY number")
    return {
        "links": [(*row[:2], bytes(row[2])) for row in links],
        "lines": _sorted((*row[:-1], bytes(row[-1])) for row in lines),
        "answers": _sorted(map(read.answer, answers)),
        "mirrors": _sorted(map(read.mirror, columns(read.MIRROR, "village_mirror"))),
        "uses": _sorted(((row[0], row[1], row[2]), row[3]) for row in uses),
        "payments": _sorted(read.payments(columns(read.PAYMENT, "village_payment"), legs).values()),
        "grants": _sorted(map(read.grant, columns(read.GRANT, "village_grant"))),
        "clearings": _sorted(
            [
                *map(read.clearing, columns(read.CLEARING, "village_clearing")),
                *map(read.dispute, columns(read.DISPUTE, "village_dispute")),
            ]
        ),
        "checkpoints": _sorted((*row[:-2], bytes(row[-2]), bytes(row[-1])) for row in points),
        "alarms": [(*row[:-1], bytes(row[-1])) for row in alarms],
    }


def _sorted(rows: Any) -> list[Any]:
    return sorted(rows, key=repr)


def _peer(agreed: Agreement, me: str) -> str:
    return agreed.acceptor if agreed.issuer == me else agreed.issuer
