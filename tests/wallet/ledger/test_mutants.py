"""Planted bugs: each is caught by a check that has a name. One that nobody notices shows a hole in the tests.

A mutant is a rule whose source is changed in one place, a part replaced from outside, or a schema without one
of its guards. `model` is the model test on the keeper in memory; the others are tests of this folder.
"""

import __future__

import inspect
import textwrap
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from kit.db import Database
from tests.wallet.ledger import evening, ground, test_at_once, test_attacks, test_same_answer
from tests.wallet.ledger.machine import Evening
from tests.wallet.ledger.raw import Raw
from tests.wallet.ledger.twins import MemoryTwin
from wallet.ledger import book, decide, draft, holders, loading, shapes, spending, undoing
from wallet.ledger.shapes import Transaction
from wallet.service.posting import submit
from wallet.store import decider, shelf

Mutant = tuple[Any, str, str]
"""What is changed: a function, a line of it, and what stands there instead."""

RULES: dict[str, Mutant] = {
    "a floor that is not checked": (draft.Draft.move, "if debit.free < amount:", "if False:"),
    "a hold that does not count": (shapes.Account.free, "- self.held", ""),
    "an amount below zero": (draft._check, "0 < amount", "True"),
    "batches whose later requests do not see the earlier ones": (
        draft.Draft.keep, "self._book.put(account)", "pass",
    ),
    "a split that loses the cents that remain": (spending._in_proportion, "paid[at] += 1", "pass"),
    "vouchers that end last spent first": (
        spending._turn, "account.place.expires_at or NEVER", "NEVER - (account.place.expires_at or NEVER)",
    ),
    "vouchers spent last": (spending._rank, "return 0", "return 9"),
    "the network's money spent before local money": (spending._rank, "return 3", "return 0"),
    "a voucher spent after its end": (shapes.Account.has_expired, "<= now", "> now"),
    "currencies that the till does not accept": (
        spending._accepts, "asset.id not in request.accepts", "False",
    ),
    "hours that pay prices in euro": (spending._accepts, "asset.nature in EURO_NATURES and", ""),
    "a second Pass that pays before the first": (
        spending.spend, "_taken(purses,", "_taken(purses[::-1],",
    ),
    "a Pass that pays what was asked of the other": (spending._taken, "missing, left)", "missing)"),
    "half a payment when there is not enough": (
        spending._taken, "if missing:\n        raise", "if False:\n        raise",
    ),
    "a refund over the charge": (undoing.refund, "- _given_back(", "- 0 * _given_back("),
    "a refund to the first balance": (undoing.refund, "part = min", "part = wanted or min"),
    "a capture above the hold": (undoing.capture, "if wanted > held:", "if False:"),
    "a hold that ends twice": (undoing._open_holds, "if book.followers.get(transaction_id):", "if False:"),
    "a correction made twice": (undoing.reverse, "if book.followers.get(request.refers):", "if False:"),
    "a correction of a correction": (undoing._done, "receipt.kind not in kinds or", ""),
    "a replayed tap": (holders._tapped, "if counter <= card.counter:", "if counter < card.counter:"),
    "a tap that is not remembered": (holders._tapped, "draft.taps.append((card_id, counter))", "pass"),
    "a lost card that pays": (holders._in_use, 'if card.state != "active":', "if False:"),
    "a chip that need not prove its tap": (holders.payer, "if card.proves and", "if False and"),
    "a merge that forgets a lot": (
        loading.merge, "if account.balance:", "if account.balance and not account.place.lot:",
    ),
    "a merge of what is set aside": (loading.merge, "if account.held:", "if False:"),
    "a voucher that comes as money": (loading.load, "not in GIVEN_AS.get(request.kind, ())", "== 0"),
    "a cap that forgets what is there": (loading._held_of, "loaded | opened", "opened"),
    "cash for vouchers": (loading.unload, '!= "money"', '== "free"'),
    "cash that is not counted": (loading.unload, "earlier.append(CashedOut(now, request.amount))", "pass"),
    "a sweep before the end": (loading.sweep, "if not account.has_expired(now):", "if False:"),
    "other words under the same id": (decide.decide, "known.receipt.request == request.content", "True"),
    "an archived currency that is given": (holders.given_here, "if asset.archived:", "if False:"),
    "a link that does not hold the one before": (shapes.link_hash, "bytes.fromhex(prev) + body", "body"),
}  # fmt: skip


@pytest.fixture
def plant(monkeypatch: pytest.MonkeyPatch) -> Callable[[Mutant], None]:
    """A function that changes a rule in place, wherever it has been imported."""

    def change(mutant: Mutant) -> None:
        rule, line, instead = mutant
        function: Any = rule.fget if isinstance(rule, property) else rule
        source = textwrap.dedent(inspect.getsource(function)).replace("@property\n", "")
        assert source.count(line) == 1, f"the mutant has lost its line: {line}"
        made: dict[str, Any] = {}
        code = compile(source.replace(line, instead), "mutant", "exec", __future__.annotations.compiler_flag)
        exec(code, function.__globals__, made)  # noqa: S102 - our own source with one line changed
        monkeypatch.setattr(function, "__code__", made[function.__name__].__code__)

    return change


def model(steps: int = 16_000) -> None:
    """The model test on memory alone: sixteen thousand steps at most, always the same ones."""

    class Tonight(Evening):
        def __init__(self) -> None:
            self.twins = (MemoryTwin(),)
            super().__init__()

    bounds = settings(
        max_examples=steps // 40,
        stateful_step_count=40,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Tonight, settings=bounds)


def caught(check: Callable[[], object]) -> None:
    """The check must fail: it says so by an exception."""
    try:
        check()
    except Exception:
        return
    raise AssertionError("the planted bug was not noticed")


def test_the_model_finds_nothing_where_nothing_is_planted() -> None:
    model(4_000)


@pytest.mark.parametrize("name", RULES)
def test_the_model_catches(plant: Callable[[Mutant], None], name: str) -> None:
    plant(RULES[name])
    caught(model)


# Bugs around the rules.


@pytest.fixture
def café(db: Database) -> Database:
    evening.open_café(db, "Camille", "Léo")
    submit(db, evening.top_up("Camille", 1000))
    return db


def test_a_decline_that_does_not_stick_is_caught(café: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """By `test_no_stays_no_after_a_refill`."""

    def forgetful(opened: book.Book, requests: Sequence[Any], now: datetime) -> decide.Written:
        opened.past = {key: link for key, link in opened.past.items() if link.receipt.verdict != "declined"}
        return decide.decide(opened, requests, now)

    monkeypatch.setattr(decider, "decide", forgetful)
    caught(lambda: test_same_answer.test_no_stays_no_after_a_refill(café))


def test_a_decline_that_is_not_written_is_caught(café: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """By `test_no_stays_no_after_a_refill`: the second answer would be another one."""

    def silent(opened: book.Book, requests: Sequence[Any], now: datetime) -> decide.Written:
        before = opened.head
        written = decide.decide(opened, requests, now)
        if all(link.receipt.verdict == "declined" for link in written.links):
            opened.head, written.links = before, []
        return written

    monkeypatch.setattr(decider, "decide", silent)
    caught(lambda: test_same_answer.test_no_stays_no_after_a_refill(café))


def test_ids_remembered_by_the_process_alone_are_caught(
    new_database_url: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By `test_killed_in_the_middle_the_payment_is_made_once`."""
    real, known = decide.decide, dict[Any, Transaction]()

    def noting(opened: book.Book, requests: Sequence[Any], now: datetime) -> decide.Written:
        written = real(opened, requests, now)
        known.update({link.receipt.id: link for link in written.links})
        return written

    monkeypatch.setattr(decider, "decide", noting)
    monkeypatch.setattr(shelf.SqlShelf, "past", lambda _, ids: [known[one] for one in ids if one in known])
    check = test_same_answer.test_killed_in_the_middle_the_payment_is_made_once
    caught(lambda: check(new_database_url, "between commit and answer", True))


HASTY = """
import time
from kit.db import batch as hasty_batch, writer as hasty_writer
real = hasty_batch.settle
def hasty(*given):
    settled = real(*given)
    settled.tell()
    time.sleep(1)
    return settled
hasty_batch.settle = hasty
"""


def test_an_answer_before_the_commit_is_caught(
    new_database_url: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By `test_killed_in_the_middle_the_payment_is_made_once`: somebody was told of what is not kept."""
    monkeypatch.setattr(test_same_answer, "PAY", HASTY + test_same_answer.PAY)
    check = test_same_answer.test_killed_in_the_middle_the_payment_is_made_once
    caught(lambda: check(new_database_url, "before the commit", False))


def test_a_wallet_read_without_its_turn_is_caught(café: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules that look at an old balance: by `test_exactly_as_many_pay_as_the_wallet_affords`."""
    real = shelf.SqlShelf.accounts
    stale = dict[Any, shapes.Account]()

    def dated(self: shelf.SqlShelf, *given: Any) -> Iterator[shapes.Account]:
        for account in real(self, *given):
            yield stale.setdefault(account.id, account) if account.place.kind == "wallet" else account

    monkeypatch.setattr(shelf.SqlShelf, "accounts", dated)
    caught(lambda: test_at_once.test_one_tap_heard_by_many_is_paid_once(café))


# Guards taken out of the schema.

GUARDS = {
    "balances written by code": ("ledger_account", "is_moved_by_entries_alone", "a balance written by hand"),
    "accounts born with anything": ("ledger_account", "is_born_empty", "an account born with money"),
    "a chain with gaps": ("ledger_tx", "follows_the_last_one", "a link that follows nothing"),
    "entries of any transaction": (
        "ledger_entry",
        "fits_its_transaction",
        "an entry of an older transaction",
    ),
    "holds that end twice": ("ledger_entry", "fits_its_transaction", "a hold ended for another taker"),
    "a past that can be rewritten": ("ledger_tx", "refuses_update", "a transaction rewritten"),
    "entries that can be removed": ("ledger_entry", "refuses_delete", "an entry removed"),
    "a currency that becomes another": ("currency", "keeps_what_it_is", "a currency whose nature changes"),
    "taps that are forgotten": ("card_tap", "refuses_delete", "a tap forgotten"),
}


@pytest.fixture
def unguarded(new_database_url: Callable[[], str]) -> Iterator[Callable[[str, str], ground.Ground]]:
    """A function that gives a ledger that has lived, without the guard of this table and name."""
    opened: list[Database] = []

    def lay(table: str, part: str) -> ground.Ground:
        url = new_database_url()
        opened.append(Database(url, durable=False))
        there = ground.lay(opened[0], url)
        drop(there.raw, table, part)
        return there

    yield lay
    for database in opened:
        database.close()


def drop(raw: Raw, table: str, part: str) -> None:
    catalogue = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :its"
        if raw.is_sqlite
        else "SELECT tgname AS name FROM pg_trigger WHERE tgrelid = CAST(:its AS regclass)"
    )
    names = [row["name"] for row in raw.run(catalogue, its=table) if part in row["name"]]
    assert len(names) == 1, f"the guard has another name: {names}"
    raw.run(f"DROP TRIGGER {names[0]}" + ("" if raw.is_sqlite else f" ON {table}"))


@pytest.mark.parametrize("name", GUARDS)
def test_the_burglar_finds(unguarded: Callable[[str, str], ground.Ground], name: str) -> None:
    """By the attack of that name in `test_attacks`: with its guard gone it succeeds."""
    table, part, attack = GUARDS[name]
    there = unguarded(table, part)
    with pytest.raises(pytest.fail.Exception):
        test_attacks.refuse(there, test_attacks.ATTACKS[attack])
    there.raw.connection.close()


def test_a_chain_without_uniqueness_is_caught(unguarded: Callable[[str, str], ground.Ground]) -> None:
    """By the attack "a fork"."""
    there = unguarded("ledger_tx", "follows_the_last_one")
    with pytest.raises(pytest.fail.Exception):
        test_attacks.refuse(there, test_attacks.ATTACKS["a fork"])
    there.raw.connection.close()


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_accounts_that_may_go_are_caught(unguarded: Callable[[str, str], ground.Ground]) -> None:
    """By the attack "an account removed"; on PostgreSQL foreign keys stand behind the guard."""
    there = unguarded("ledger_account", "delete_stays")
    with pytest.raises(pytest.fail.Exception):
        test_attacks.refuse(there, test_attacks.ATTACKS["an account removed"])
    there.raw.connection.close()


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_an_overdraft_passed_over_is_caught(unguarded: Callable[[str, str], ground.Ground]) -> None:
    """By the attack "more than there is, OR IGNORE"."""
    there = unguarded("ledger_entry", "fits_its_transaction")
    with pytest.raises(pytest.fail.Exception):
        test_attacks.refuse(there, test_attacks.SQLITE_ONLY["more than there is, OR IGNORE"])
    there.raw.connection.close()
