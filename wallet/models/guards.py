"""What the database itself refuses, by triggers: they hold for whoever opens it, with whatever program.

A plain connection to SQLite checks no foreign key and fires no delete trigger on REPLACE; so each rule that
matters stands in a trigger before the insertion, too.
"""
# ruff: noqa: S608 - names of our own tables and columns, no input

from collections.abc import Sequence
from typing import Final, cast

from sqlalchemy import FromClause, Table, UniqueConstraint

from kit.db import declare_trigger
from wallet.ledger.shapes import GENESIS, SOURCES

_SAME: Final = " AND ".join(
    f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}"
    for name in ("id", "currency_id", "kind", "owner", "lot", "expires_at", "floor")
)
_MOVED: Final = f"""
  NEW.touched > OLD.touched AND {_SAME} AND EXISTS (
    SELECT 1 FROM ledger_entry e WHERE e.number = NEW.touched AND (
      (e.op = 'transfer' AND e.debit = NEW.id AND NEW.debits = OLD.debits + e.amount
        AND NEW.credits = OLD.credits AND NEW.held = OLD.held AND NEW.credits - NEW.debits = e.debit_after)
      OR (e.op = 'transfer' AND e.credit = NEW.id AND NEW.credits = OLD.credits + e.amount
        AND NEW.debits = OLD.debits AND NEW.held = OLD.held AND NEW.credits - NEW.debits = e.credit_after)
      OR (e.op <> 'transfer' AND e.debit = NEW.id AND NEW.debits = OLD.debits AND NEW.credits = OLD.credits
        AND NEW.held = OLD.held + CASE e.op WHEN 'hold' THEN e.amount ELSE -e.amount END
        AND NEW.credits - NEW.debits = e.debit_after AND EXISTS (SELECT 1 FROM ledger_account c
          WHERE c.id = e.credit AND c.credits - c.debits = e.credit_after))))"""
_EMPTY: Final = f"""
  NEW.debits = 0 AND NEW.credits = 0 AND NEW.held = 0 AND NEW.touched = 0
  AND (NEW.floor = 0 OR NEW.kind IN ({", ".join(f"'{kind}'" for kind in sorted(SOURCES))}))
  AND EXISTS (SELECT 1 FROM currency WHERE id = NEW.currency_id)
  AND NOT EXISTS (SELECT 1 FROM ledger_account a WHERE a.id = NEW.id OR (a.owner = NEW.owner
    AND a.kind = NEW.kind AND a.lot = NEW.lot AND a.currency_id = NEW.currency_id))"""
_NEW: Final = """
  NEW.seq = 1 + coalesce((SELECT max(seq) FROM ledger_tx), 0)
  AND NOT EXISTS (SELECT 1 FROM ledger_tx WHERE id = NEW.id)"""
"""On SQLite a plain connection may say OR REPLACE; PostgreSQL's own keys cannot be talked out of it."""
_FOLLOWS: Final = f"""
  (EXISTS (SELECT 1 FROM ledger_tx WHERE seq = NEW.seq - 1 AND hash = NEW.prev AND last = NEW.first - 1)
    OR (NEW.seq = 1 AND NEW.first = 1 AND NEW.prev = '{GENESIS}'))"""
_FITS: Final = """
  NEW.number = 1 + coalesce((SELECT max(number) FROM ledger_entry), 0)
  AND EXISTS (SELECT 1 FROM ledger_tx WHERE seq = NEW.tx_seq AND NEW.number BETWEEN first AND last)
  AND (NEW.closes IS NULL OR EXISTS (
    SELECT 1 FROM ledger_entry h WHERE h.number = NEW.closes AND h.op = 'hold'
      AND h.debit = NEW.debit AND h.credit = NEW.credit AND h.amount = NEW.amount))"""
_KEYS: Final = """
  EXISTS (SELECT 1 FROM ledger_account a WHERE a.id = NEW.debit AND a.currency_id = NEW.currency_id
    AND (NEW.op = 'free' OR a.credits - a.debits - a.held - NEW.amount >= a.floor))
  AND EXISTS (SELECT 1 FROM ledger_account WHERE id = NEW.credit AND currency_id = NEW.currency_id)
  AND (NEW.closes IS NULL OR NOT EXISTS (SELECT 1 FROM ledger_entry c WHERE c.closes = NEW.closes))"""
"""A plain connection to SQLite checks no foreign key, and its OR IGNORE and OR FAIL reach into triggers,
where a balance's own check could be passed over; PostgreSQL's keys and checks always hold."""
_DEBIT: Final = "debits = debits + NEW.amount, touched = NEW.number WHERE id = NEW.debit"
_CREDIT: Final = "credits = credits + NEW.amount, touched = NEW.number WHERE id = NEW.credit"
_HOLD: Final = "held = held + NEW.amount, touched = NEW.number WHERE id = NEW.debit"
_FREE: Final = "held = held - NEW.amount, touched = NEW.number WHERE id = NEW.debit"


def guard_ledger(accounts: FromClause, transactions: FromClause, entries: FromClause) -> None:
    """Give the ledger its triggers: what must hold before a row comes in, and how entries move accounts."""
    _refuse_unless(accounts, "INSERT", "is born empty", _EMPTY, on_sqlite=_free_place(accounts))
    _refuse_unless(accounts, "UPDATE", "is moved by entries alone", _MOVED)
    _refuse_unless(accounts, "DELETE", "stays", "false")
    _refuse_unless(transactions, "INSERT", "follows the last one", _FOLLOWS, on_sqlite=_NEW)
    _refuse_unless(entries, "INSERT", "fits its transaction and accounts", _FITS, on_sqlite=_KEYS)
    _apply(entries, "transfer", _DEBIT, _CREDIT)
    _apply(entries, "hold", _HOLD)
    _apply(entries, "free", _FREE)


def freeze_columns(table: FromClause, *columns: str, is_hot: bool = False) -> None:
    """Let the database refuse any change of these columns, and that the row goes.

    `is_hot`: rows of this table change often, so nothing is compared while these columns are not even named.
    """
    keep_rows(table)
    same = " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in columns)
    _refuse_unless(table, "UPDATE", "keeps what it is", same, of=columns if is_hot else ())
    _refuse_unless(table, "DELETE", "stays", "false")


def keep_rows(table: FromClause) -> None:
    """Let no row be pushed out unseen: neither by REPLACE on SQLite nor by TRUNCATE on PostgreSQL."""
    name = cast(Table, table).name
    taken = " OR ".join(
        "(" + " AND ".join(f"kept.{column} = NEW.{column}" for column in key) + ")"
        for key in sorted(_keys(cast(Table, table)))
    )
    free = f"NOT EXISTS (SELECT 1 FROM {name} kept WHERE {taken})"
    _refuse_unless(table, "INSERT", "takes no other's place", free, on_sqlite=_free_place(table))


def let_rise(table: FromClause, column: str) -> None:
    """Let no update bring a number back: a revision, a counter."""
    _refuse_unless(table, "UPDATE", f"{column} never falls", f"NEW.{column} >= OLD.{column}")


def let_in(table: FromClause, rule: str, condition: str) -> None:
    """Let a row in only as `condition` says of NEW; `rule` is what whoever breaks it is told."""
    _refuse_unless(table, "INSERT", rule, condition, stays=False)


def let_change(table: FromClause, rule: str, condition: str) -> None:
    """Let a row change only as `condition` says of OLD and NEW; `rule` is what whoever breaks it is told."""
    _refuse_unless(table, "UPDATE", rule, condition)


def _keys(table: Table) -> set[tuple[str, ...]]:
    unique = {tuple(rule.columns.keys()) for rule in table.constraints if isinstance(rule, UniqueConstraint)}
    return unique | {tuple(column.name for column in table.primary_key)}


def _free_place(table: FromClause) -> str:
    """SQLite's own row number may be named by an insertion, and so push out a row of another key."""
    return f"NOT EXISTS (SELECT 1 FROM {cast(Table, table).name} WHERE rowid = NEW.rowid)"


def _refuse_unless(
    table: FromClause,
    verb: str,
    rule: str,
    condition: str,
    *,
    on_sqlite: str = "true",
    of: Sequence[str] = (),
    stays: bool = True,
) -> None:
    name = cast(Table, table).name
    words = rule.replace("'", "").replace(" ", "_")
    trigger = f"{name}_{verb.lower()}_{words}"[:60]
    sentence = f"{name} {rule}".replace("'", "''")
    row = "OLD" if verb == "DELETE" else "NEW"
    moment = f"BEFORE {verb} OF {', '.join(of)}" if of else f"BEFORE {verb}"
    declare_trigger(
        cast(Table, table),
        trigger,
        sqlite=f"CREATE TRIGGER {trigger} {moment} ON {name} "
        f"WHEN NOT ({_for_sqlite(f'({condition}) AND ({on_sqlite})')}) BEGIN "
        f"SELECT RAISE(ABORT, '{sentence}'); END",
        postgresql=_function(
            name, trigger, moment,
            f"IF NOT ({condition}) THEN RAISE EXCEPTION '{sentence}' USING ERRCODE = 'restrict_violation'; "
            f"END IF; RETURN {row};",
        ) + (_against_truncate(name) if verb == "INSERT" and stays else ()),
    )  # fmt: skip


def _against_truncate(table: str) -> tuple[str, ...]:
    trigger = f"{table}_refuses_truncate"
    sentence = f"RAISE EXCEPTION '{table} stays' USING ERRCODE = 'restrict_violation';"
    return (
        f"CREATE OR REPLACE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {sentence} END $$",
        f"CREATE TRIGGER {trigger} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT "
        f"EXECUTE FUNCTION {trigger}()",
    )


def _apply(entries: FromClause, op: str, *changes: str) -> None:
    name = cast(Table, entries).name
    trigger = f"{name}_applies_{op}"
    updates = " ".join(f"UPDATE ledger_account SET {change};" for change in changes)
    declare_trigger(
        cast(Table, entries),
        trigger,
        sqlite=f"CREATE TRIGGER {trigger} AFTER INSERT ON {name} WHEN NEW.op = '{op}' BEGIN {updates} END",
        postgresql=_function(name, trigger, "AFTER INSERT", f"{updates} RETURN NULL;", f"NEW.op = '{op}'"),
    )


def _function(table: str, trigger: str, moment: str, body: str, when: str = "") -> tuple[str, ...]:
    guard = f"WHEN ({when}) " if when else ""
    return (
        f"CREATE OR REPLACE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$",
        f"CREATE TRIGGER {trigger} {moment} ON {table} FOR EACH ROW {guard}EXECUTE FUNCTION {trigger}()",
    )


def _for_sqlite(condition: str) -> str:
    """SQLite before 3.39 says IS where the standard says IS NOT DISTINCT FROM."""
    return condition.replace(" IS NOT DISTINCT FROM ", " IS ").replace("false", "0").replace("true", "1")
