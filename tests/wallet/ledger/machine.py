"""Any evening at all: requests of every kind in any order, alone or several at once, to all keepers alike."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from tests.wallet.ledger.auditor import Auditor, Forecast
from tests.wallet.ledger.drawn import ASSETS, HOURS_AHEAD, LOTS, amounts, odd_prices, prices, some
from tests.wallet.ledger.twins import Twin, later
from wallet.ledger.requests import (
    AnyRequest,
    Capture,
    Holder,
    Line,
    Load,
    Merge,
    Opening,
    Refund,
    Release,
    Reverse,
    Spend,
    Sweep,
    Unload,
)  # fmt: skip
from wallet.ledger.shapes import Asset, Place, Transaction, content_hash


class Evening(RuleBasedStateMachine):
    """What happens at a node. `twins` is given by the test."""

    twins: Sequence[Twin] = ()

    def __init__(self) -> None:
        super().__init__()
        self.auditor = Auditor()
        self.number, self.minutes, self.size, self.seen = 1000, 0, 1, 0
        self.wallets: list[UUID] = []
        self.cards: list[UUID] = []
        self.pending: list[tuple[AnyRequest, Forecast | None]] = []
        self.asked: dict[UUID, AnyRequest] = {}
        self.answers: dict[UUID, bytes] = {}
        for asset in ASSETS:
            self.auditor.assets[asset.id] = asset
            for twin in self.twins:
                twin.add_asset(asset)
        for number in range(3):
            self.new_wallet()
            self.furnish_card(number, number == 2)

    # Around the ledger

    @rule()
    def new_wallet(self) -> None:
        self.wallets.append(self.new())
        self.auditor.wallets.add(self.wallets[-1])
        self.around("add_wallet", self.wallets[-1])
        holder = Holder(wallet=self.wallets[-1])
        for asset, amount in ((ASSETS[0], 60), (ASSETS[2], 30)):
            self.ask(Load, kind="top_up", asset=asset.id, to=holder, amount=amount)
        end = self.now + timedelta(minutes=100 * len(self.wallets))
        self.ask(Load, kind="gift", asset=ASSETS[1].id, to=holder, amount=7, lot="noel", expires_at=end)

    @rule(of=some, proves=st.booleans())
    def new_card(self, of: int, proves: bool) -> None:
        self.furnish_card(of, proves)

    def furnish_card(self, of: int, proves: bool) -> None:
        wallet = self.wallets[of % len(self.wallets)]
        self.cards.append(self.new())
        self.around("add_card", self.cards[-1], wallet, proves)
        self.auditor.cards[self.cards[-1]] = Card(wallet, proves)

    @precondition(lambda self: self.cards)
    @rule(which=some, state=st.sampled_from(("active", "active", "lost", "blocked", "replaced")))
    def mark_card(self, which: int, state: str) -> None:
        card = self.cards[which % len(self.cards)]
        self.around("mark", card, state)
        self.auditor.cards[card].state = state

    @rule(which=st.sampled_from(ASSETS), archived=st.sampled_from((True, False, False)))
    def archive(self, which: Asset, archived: bool) -> None:
        self.around("archive", which.id, archived)
        self.auditor.assets[which.id] = msgspec.structs.replace(which, archived=archived)

    @rule(minutes=st.sampled_from((1, 30, 150, 150)))
    def time_goes_by(self, minutes: int) -> None:
        self.flush()
        self.minutes += minutes

    @rule(size=st.sampled_from((1, 1, 2, 5)))
    def so_many_at_once(self, size: int) -> None:
        self.flush()
        self.size = size

    # What is asked

    @rule(
        asset=st.sampled_from((0, 0, 0, 2, 5, *range(9), 20)),
        to=some,
        amount=amounts,
        counter=some,
        most=st.sampled_from((None, None, 100)),
    )
    def top_up(self, asset: int, to: int, amount: int, counter: int, most: int | None) -> None:
        holder = self.holder(to, counter)
        limit = 50 if counter == 5 else None
        self.ask(
            Load, kind="top_up", asset=self.asset(asset), to=holder, amount=amount, most=most, limit=limit
        )

    @rule(
        to=some,
        amount=amounts,
        lot=st.sampled_from(LOTS),
        ends=st.sampled_from((None, 45, 45, 300, -1)),
        odd=some,
    )
    def gift(self, to: int, amount: int, lot: str, ends: int | None, odd: int) -> None:
        end = None if ends is None else self.now + timedelta(minutes=ends)
        asset = ASSETS[0 if odd == 0 else 1].id
        self.ask(
            Load, kind="gift", asset=asset, to=self.holder(to, odd), amount=amount, lot=lot, expires_at=end
        )

    @rule(
        asset=st.sampled_from((0, 0, 0, 0, 1, 2, 3, 4, 7, 20)),
        of=some,
        amount=amounts,
        most=st.sampled_from((None, 10, 25)),
        since=st.sampled_from((None, 60)),
    )
    def cash_out(self, asset: int, of: int, amount: int, most: int | None, since: int | None) -> None:
        start = None if since is None or most is None else self.now - timedelta(minutes=since)
        self.ask(
            Unload, asset=self.asset(asset), of=self.holder(of, of), amount=amount,
            most=most if start else None, since=start,
        )  # fmt: skip

    @rule(of=some, amount=st.integers(10, 20))
    def cash_twice(self, of: int, amount: int) -> None:
        for _ in range(2):
            self.cash_out(0, of % 3 * 2, amount, 25, 60)

    @rule(
        payers=st.lists(some, min_size=0, max_size=3),
        prices=prices | prices | prices | odd_prices,
        counter=some,
        unit=st.sampled_from((None, None, None, 3, 4, 6, 20)),
        accepts=st.none() | st.frozensets(st.sampled_from([asset.id for asset in ASSETS])),
        until=HOURS_AHEAD,
    )
    def spend(
        self,
        payers: list[int],
        prices: list[int],
        counter: int,
        unit: int | None,
        accepts: Any,
        until: int | None,
    ) -> None:
        self.ask(
            Spend,
            payers=tuple(self.holder(one, counter + at) for at, one in enumerate(payers)),
            lines=tuple(Line(f"line {at}", amount) for at, amount in enumerate(prices)),
            unit=None if unit is None else self.asset(unit),
            accepts=accepts,
            until=None if until is None else self.now + timedelta(hours=until),
        )

    @rule(payer=some, price=st.integers(1, 30), counter=some, accepts=st.sampled_from((None, None, 0, 1)))
    def one_drink(self, payer: int, price: int, counter: int, accepts: int | None) -> None:
        only = None if accepts is None else frozenset({ASSETS[accepts].id})
        self.spend([payer], [price, 1], counter, None, only, False)

    @rule(payers=st.tuples(some, some), price=st.integers(1, 60), until=HOURS_AHEAD)
    def two_passes(self, payers: tuple[int, int], price: int, until: int | None) -> None:
        self.spend([*payers], [price, price // 2], 11, None, None, until)

    @rule(payers=st.tuples(some, some), first=st.integers(1, 30), second=st.integers(0, 30))
    def each_its_own(self, payers: tuple[int, int], first: int, second: int) -> None:
        who = tuple(self.holder(one, 11 + at) for at, one in enumerate(payers))
        lines = (Line("table", first + second),)
        self.ask(Spend, payers=who, lines=lines, amounts=(first, second))

    @rule(payer=some, price=st.integers(1, 30))
    def set_aside(self, payer: int, price: int) -> None:
        self.spend([payer], [price], 10, None, None, True)

    @rule(to=some, kind=st.sampled_from((3, 4)), amount=st.integers(1, 9))
    def hours_or_points(self, to: int, kind: int, amount: int) -> None:
        self.top_up(kind, to, amount, 11, None)

    @rule(payer=some, kind=st.sampled_from((3, 4)), price=st.integers(1, 6))
    def pay_in_kind(self, payer: int, kind: int, price: int) -> None:
        self.spend([payer], [price, price], 11, kind, None, False)

    @rule(which=some, amount=st.none() | amounts)
    def capture(self, which: int, amount: int | None) -> None:
        self.ask(Capture, refers=self.past(which, "held"), amount=amount)

    @precondition(lambda self: self.held())
    @rule(which=some, amount=st.integers(1, 45))
    def take(self, which: int, amount: int) -> None:
        held = self.held()
        self.ask(Capture, refers=held[-1 - which % min(3, len(held))], amount=amount)

    def held(self) -> list[UUID]:
        return [key for key, one in self.auditor.journal.items() if one.verdict == "held"]

    @rule(which=some)
    def release(self, which: int) -> None:
        self.ask(Release, refers=self.past(which, "held"))

    @rule(which=some, amount=st.none() | amounts)
    def refund(self, which: int, amount: int | None) -> None:
        self.ask(Refund, refers=self.past(which, "posted", "captured"), amount=amount)

    @precondition(lambda self: self.spent())
    @rule(which=some, amount=st.none() | st.integers(1, 12))
    def give_back(self, which: int, amount: int | None) -> None:
        spent = self.spent()
        self.ask(Refund, refers=spent[-1 - which % min(3, len(spent))], amount=amount)

    def spent(self) -> list[UUID]:
        done = {"posted", "captured"}
        return [
            key
            for key, one in self.auditor.journal.items()
            if one.kind in {"spend", "capture"} and one.verdict in done
        ]

    @rule(which=some)
    def correct(self, which: int) -> None:
        self.ask(Reverse, refers=self.past(which, "posted", "captured"))

    @rule(source=some, into=some)
    def merge(self, source: int, into: int) -> None:
        self.ask(Merge, source=self.wallet(source), target=self.wallet(into))

    @rule(
        asset=some,
        name=st.sampled_from(("carnet", "ancien système")),
        balances=st.lists(st.tuples(some, amounts), max_size=4),
    )
    def opening(self, asset: int, name: str, balances: list[tuple[int, int]]) -> None:
        given = tuple((self.wallet(wallet), amount) for wallet, amount in balances)
        self.ask(Opening, asset=self.asset(asset), name=name, balances=given)

    @rule(of=some, lot=st.sampled_from(("noel", *LOTS)))
    def sweep(self, of: int, lot: str) -> None:
        self.ask(Sweep, account=Place(ASSETS[1].id, "wallet", str(self.wallet(of)), lot).account_id)

    @precondition(lambda self: self.asked)
    @rule(which=st.integers(0, 500), twist=st.sampled_from((False, False, True)))
    def again(self, which: int, twist: bool) -> None:
        """An old request comes again, word for word, or under its id with other words."""
        old = list(self.asked.values())[which % len(self.asked)]
        self.put(msgspec.structs.replace(old, content="other") if twist else old, None)

    # How it is asked

    @property
    def now(self) -> Any:
        return later(self.minutes)

    def new(self) -> UUID:
        self.number += 1
        return UUID(int=self.number)

    def around(self, verb: str, *said: Any) -> None:
        self.flush()
        for twin in self.twins:
            getattr(twin, verb)(*said)

    def asset(self, which: int) -> UUID:
        return ASSETS[which].id if which < len(ASSETS) else UUID(int=which) if which > 11 else ASSETS[0].id

    def wallet(self, which: int) -> UUID:
        return UUID(int=7) if which == 11 else self.wallets[which % len(self.wallets)]

    def holder(self, which: int, counter: int) -> Holder:
        if which % 2 == 0 or not self.cards:
            return Holder(wallet=self.wallet(which // 2 if which < 11 else which))
        card = UUID(int=8) if which == 11 else self.cards[which // 2 % len(self.cards)]
        return Holder(card=card, counter=None if counter % 3 == 0 else counter)

    def past(self, which: int, *verdicts: str) -> UUID:
        if which == 11:
            return UUID(int=9)
        fitting = [key for key, one in self.auditor.journal.items() if which == 10 or one.verdict in verdicts]
        return fitting[-1 - which % len(fitting)] if fitting else UUID(int=9)

    def ask(self, form: type[AnyRequest], /, **said: Any) -> None:
        request: Any = form(id=self.new(), content=content_hash(form.__name__, repr(said)), **said)
        self.asked[request.id] = request
        self.put(request, self.auditor.audit(request, self.now))

    def put(self, request: AnyRequest, forecast: Forecast | None) -> None:
        self.pending.append((request, forecast))
        if len(self.pending) >= self.size:
            self.flush()

    def flush(self) -> None:
        asked, self.pending = self.pending, []
        if not asked:
            return
        answers = [twin.run([request for request, _ in asked], self.now) for twin in self.twins]
        for place, (request, forecast) in enumerate(asked):
            for told in answers:
                self.compare(request, forecast, told[place])
        self.compare_links()

    def compare(self, request: AnyRequest, forecast: Forecast | None, told: Transaction | str) -> None:
        if isinstance(told, str):
            assert forecast is None
            assert request.content != self.asked[request.id].content
            return
        known = self.answers.setdefault(request.id, told.body)
        assert (told.body, told.receipt.request) == (known, request.content), "the same id, another answer"
        if forecast is not None:
            agree(forecast, told)

    def compare_links(self) -> None:
        mine, *others = [twin.links(self.seen) for twin in self.twins]
        assert all(other == mine for other in others), "the keepers wrote different bytes"
        for seq, prev, link, body in mine:
            assert (seq, link) == (self.seen + 1, hashlib.sha256(bytes.fromhex(prev) + body).hexdigest())
            self.seen = seq

    def teardown(self) -> None:
        self.flush()
        wanted = {
            Place(*spot).account_id: (self.auditor.has[spot], self.auditor.aside[spot])
            for spot in self.auditor.has
        }
        for twin in self.twins:
            assert not twin.troubles()
            found = {key: value for key, value in twin.holdings().items() if value != (0, 0)}
            assert found == {key: value for key, value in wanted.items() if value != (0, 0)}
        super().teardown()


class Card:
    def __init__(self, wallet: UUID, proves: bool) -> None:
        self.wallet, self.proves, self.state, self.seen = wallet, proves, "active", -1


def agree(forecast: Forecast, told: Transaction) -> None:
    """The answer is the one foretold, to the cent and for each account."""
    receipt = told.receipt
    assert receipt.verdict == forecast.verdict, (receipt.verdict, receipt.why, forecast)
    assert receipt.why in (forecast.whys or {""}), (receipt.why, forecast)
    if receipt.why == "insufficient":
        assert receipt.missing == forecast.missing
    assert moved_by_entries(told) == moved_by_steps(forecast), (receipt.entries, forecast.steps)
    if receipt.split:
        agree_on_split(told)


def moved_by_entries(told: Transaction) -> dict[tuple[str, str], int]:
    moved = Counter[tuple[str, str]]()
    for entry in told.receipt.entries:
        if entry.op == "transfer":
            moved.update({("balance", entry.debit): -entry.amount, ("balance", entry.credit): entry.amount})
        else:
            moved["held", entry.debit] += entry.amount if entry.op == "hold" else -entry.amount
    return {key: amount for key, amount in moved.items() if amount}


def moved_by_steps(forecast: Forecast) -> dict[tuple[str, str], int]:
    moved = Counter[tuple[str, str]]()
    for op, giver, taker, amount in forecast.steps:
        debit, credit = Place(*giver).account_id.hex, Place(*taker).account_id.hex
        if op == "transfer":
            moved.update({("balance", debit): -amount, ("balance", credit): amount})
        else:
            moved["held", debit] += amount if op == "hold" else -amount
    return {key: amount for key, amount in moved.items() if amount}


def agree_on_split(told: Transaction) -> None:
    """Every cent of every entry belongs to a line."""
    receipt, by_entry = told.receipt, Counter[int]()
    for part in receipt.split:
        assert part.amount > 0
        by_entry[part.entry] += part.amount
    assert by_entry == {entry.number: entry.amount for entry in receipt.entries}
