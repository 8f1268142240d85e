"""Any week at several points of sale, decided in any batches: no gap, no cent lost, nothing counted twice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from kit.ids import new_id
from sales.journal import vat
from sales.journal.asking import AnyAsk, ChangeMeans, Close, MoveCash, Part, Sell, TakeBack
from sales.journal.book import LOWER, Book, Declined, Period, Written
from sales.journal.decide import Answer, decide
from sales.journal.replay import Replay
from sales.journal.returning import lines_left
from sales.journal.shapes import Chain, Entry, Key, Line, Link, Payment, Stamp
from wallet.ledger.book import Book as MoneyBook

KEY = Key(b"only for tests")
MONDAY = datetime(2026, 12, 28, 9, tzinfo=UTC)
"""The week turns a month and a year."""
POINTS = [UUID(int=1), UUID(int=2), UUID(int=3)]
RATES = (2000, 1000, 550, 210, 0)
LATEST = timedelta(minutes=5)


@dataclass
class Till:
    """The journal as a database would keep it between batches; every batch gets a book of its own."""

    kept: list[Link] = field(default_factory=list)
    book: Book | None = None
    now: datetime = MONDAY

    def decide(self, asks: Sequence[AnyAsk]) -> list[Answer]:
        book, written = self.open(), Written()
        answers = decide(book, asks, self.now, written)
        self.kept += written.links
        self.book = book
        return answers

    def open(self) -> Book:
        """What the rows say: heads, numbers and periods as they were left, entries read when asked for."""
        last = self.book
        book = Book(key=KEY, money=MoneyBook(), read=self.read, find=self.find)
        book.past = {link.entry.id: link for link in self.kept}
        for link in self.kept:
            if link.entry.kind == "credit_note" and link.entry.refers:
                book.notes.setdefault(link.entry.refers, []).append(link.entry)
            if link.entry.kind == "means" and link.entry.refers:
                book.changed[link.entry.refers] = link
        if last is not None:
            book.heads, book.numbers, book.periods = last.heads, last.numbers, last.periods
            for period in book.periods.values():
                period.entries, period.fresh, period.closed = None, [], None
        return book

    def read(self, chain: Chain, period: Period) -> Iterator[Entry]:
        for link in self.kept:
            entry = link.entry
            if entry.chain != chain or entry.seq < period.since:
                continue
            if period.level == "day":
                is_there = entry.stamp is not None and entry.stamp.point == period.point
                if is_there and entry.closing is None:
                    yield entry
            elif entry.closing is not None and entry.closing.level == LOWER[period.level]:
                yield entry

    def find(self, chain: Chain, period: Period) -> Entry | None:
        for link in reversed(self.kept):
            said = link.entry.closing
            if said is not None and (said.level, said.point) == ("day", period.point):
                return link.entry if link.entry.chain == chain else None
        return None


def stamp(till: Till, where: int, away: int, is_offline: bool) -> Stamp:
    """`away`: minutes between the clocks of till and node."""
    return Stamp(
        device=POINTS[where], series="ABC"[where], point=POINTS[where], point_name="", operator=f"E{where}",
        at=till.now + timedelta(minutes=away), is_offline=is_offline,
    )  # fmt: skip


def line(price: int, thousandths: int, rate: int) -> Line:
    quantity = vat.quantity(f"{thousandths / 1000:.3f}")
    gross = vat.gross(price, quantity)
    net = vat.net(gross, rate)
    named: Any = {"label": f"{price} at {rate}", "product": f"{price}-{rate}", "category": "Bar"}
    return Line(
        sort="product", quantity=vat.plain(quantity), unit_price=price, rate=rate, gross=gross, net=net,
        vat=gross - net, **named,
    )  # fmt: skip


LINES = st.builds(line, st.integers(0, 2_000), st.integers(1, 4_000), st.sampled_from(RATES))
MEANS = ("cash", "card_terminal", "cheque")
PARTS = st.lists(st.tuples(st.integers(0, 2), st.integers(1, 2_000)), min_size=1, max_size=2)
ACTS = st.one_of(
    st.tuples(st.just("sell"), st.lists(LINES, min_size=1, max_size=3), st.sampled_from(MEANS)),
    st.tuples(st.just("sell"), st.lists(LINES, min_size=1, max_size=3), st.sampled_from(MEANS)),
    st.tuples(st.just("void"), st.integers(0, 9)),
    st.tuples(st.just("part"), st.integers(0, 9), PARTS),
    st.tuples(st.just("part"), st.integers(0, 9), PARTS),
    st.tuples(st.just("means"), st.integers(0, 9), st.sampled_from(MEANS)),
    st.tuples(st.sampled_from(("in", "out", "float")), st.integers(1, 9_000)),
    st.tuples(st.just("close"), st.none() | st.integers(0, 20_000)),
    st.tuples(st.just("again"), st.integers(0, 9)),
)
PLACES = st.tuples(st.integers(0, 2), st.sampled_from((0, 0, 0, 4, -4, -300, -1500, 99)), st.booleans())
BATCHES = st.lists(st.tuples(ACTS, PLACES), min_size=1, max_size=6)
WEEKS = st.lists(st.tuples(st.sampled_from((0, 0, 1, 5, 9, 26, 800)), BATCHES), min_size=1, max_size=8)


def asked(till: Till, act: tuple[Any, ...], by: Stamp, before: list[AnyAsk]) -> AnyAsk | None:
    """What `act` asks; None when there is nothing yet that it could be about."""
    said: dict[str, Any] = {"id": new_id(), "content": "", "stamp": by}
    sales = [link.entry for link in till.kept if link.entry.kind == "sale"]
    match act:
        case ("sell", lines, means):
            total = sum(one.gross for one in lines)
            paid = (Payment(means=means, amount=total),)
            return Sell(**said, regime="liable", lines=tuple(lines), payments=paid, total=total)
        case ("close", counted):
            return Close(**said, counted=counted)
        case ("in" | "out" | "float", amount):
            return MoveCash(**said, way=act[0], amount=amount, reason="")
        case ("again", back) if before:
            again: AnyAsk = before[-1 - back % len(before)]
            return again
        case ("void", back) if sales:
            return TakeBack(**said, refers=sales[-1 - back % len(sales)].id, reason="")
        case ("part", back, wanted) if sales:
            parts = tuple(
                Part(at, vat.plain(Decimal(many) / 1000)) for at, many in sorted(dict(wanted).items())
            )
            return TakeBack(**said, refers=sales[-1 - back % len(sales)].id, reason="", parts=parts)
        case ("means", back, means) if sales:
            entry = sales[-1 - back % len(sales)]
            paid = (Payment(means=means, amount=entry.sale.total if entry.sale else 0),)
            return ChangeMeans(**said, refers=entry.id, payments=paid, reason="")
    return None


@given(WEEKS)
@settings(max_examples=150, deadline=None)
def test_any_week_adds_up(week: list[tuple[int, list[tuple[Any, Any]]]]) -> None:
    till, before = Till(), list[AnyAsk]()
    for hours, batch in week:
        till.now += timedelta(hours=hours)
        named = [asked(till, act, stamp(till, *place), before) for act, place in batch]
        asks = [ask for ask in named if ask is not None]
        answers = till.decide(asks)
        before += asks
        for ask, answer in zip(asks, answers, strict=True):
            keeps_its_word(till, ask, answer)
    understood(till)
    adds_up(till)


def keeps_its_word(till: Till, ask: AnyAsk, answer: Answer) -> None:
    if isinstance(answer, Declined):
        allowed = {"nothing_to_close", "closed_already", "taken_back_already", "wrong_total"}
        assert answer.why in allowed | {"more_than_sold", "bad_quantity"}
        assert not isinstance(ask, Sell | MoveCash)
    else:
        assert answer in till.kept


def understood(till: Till) -> None:
    found = {link.entry.id: link.entry for link in till.kept}
    replay, mac = Replay(find=found.get), "0" * 64
    for number, link in enumerate(till.kept, 1):
        assert (link.entry.seq, link.entry.prev) == (number, mac)
        assert KEY.sign(mac, link.body) == (mac := link.mac)
        assert replay.broken(link) == ""
    book = till.open()
    head = book.head("real")
    assert replay.broken_head(head.perpetual, head.year, head.year_to_date) == ""
    assert replay.last_numbers() == {series: number for (_, series), number in book.numbers.items()}
    for (_, level, point), period in book.periods.items():
        since = period.since if period.day is not None else 0
        kept = (since, period.opened, period.opening, period.sales, period.follows)
        assert replay.broken_period(level, point, kept) == ""


def adds_up(till: Till) -> None:
    """By plain sums over the sales alone: what closings and open periods say, each sale in one of them."""
    sold = [link.entry for link in till.kept if link.entry.sale]
    book = till.open()
    days = [one.entry.closing for one in till.kept if one.entry.closing and one.entry.closing.level == "day"]
    opened = [
        sum(turnover(one) for one in book.entries("real", book.period("real", "day", at))) for at in POINTS
    ]
    assert sum(one.totals.turnover for one in days) + sum(opened) == sum(map(turnover, sold))
    for link in till.kept:
        said = link.entry.closing
        if said is None:
            continue
        totals = said.totals
        assert totals.net + totals.vat == totals.turnover == sum(row.amount for row in totals.by_rate)
        assert totals.turnover == sum(row.amount for row in totals.by_means)
        assert said.perpetual == sum(turnover(one) for one in sold if one.seq < link.entry.seq)
        if said.level == "day":
            inside = [one for one in sold if said.first <= one.seq <= said.last and one.stamp
                      and one.stamp.point == said.point]  # fmt: skip
            assert totals.sales + totals.credit_notes == len(inside) > 0
            assert totals.turnover == sum(map(turnover, inside))
            assert all(one.day == said.day or one.is_late or one.day < said.day for one in inside)
    longer_add_up(till)
    what_is_taken_back_was_sold(sold)


def what_is_taken_back_was_sold(sold: list[Entry]) -> None:
    """Line by line, never more than the sale; taken back whole, in any parts, nothing is left of it."""
    for entry in sold:
        notes = [one for one in sold if one.refers == entry.id]
        if entry.sale is None or entry.kind != "sale" or not notes:
            continue
        left = lines_left(entry.sale, notes)
        names = ("gross", "net", "vat")
        for line, there in zip(entry.sale.lines, left, strict=True):
            assert 0 <= Decimal(there.quantity) <= Decimal(line.quantity)
            assert all(0 <= getattr(there, name) <= getattr(line, name) for name in names)
            if there.quantity == "0":
                assert [getattr(there, name) for name in names] == [0, 0, 0]


def longer_add_up(till: Till) -> None:
    said = [link.entry.closing for link in till.kept if link.entry.closing]
    for level, lower in LOWER.items():
        lows = [one for one in said if one.level == lower]
        highs = [one for one in said if one.level == level]
        counted = sum(one.totals.sales for one in highs)
        assert counted <= sum(one.totals.sales for one in lows)
        assert [one.number for one in highs] == list(range(1, len(highs) + 1))
        length = 7 if level == "month" else 4
        months = [one.day.isoformat()[:length] for one in highs]
        assert len(months) == len(set(months)), "no month and no year is closed twice"


def turnover(entry: Entry) -> int:
    return sum(line.gross for line in entry.sale.lines) if entry.sale else 0


@given(st.integers(0, 1_000_000), st.lists(st.integers(0, 100_000), min_size=1, max_size=12))
def test_shares_of_a_voucher_lose_no_cent(amount: int, parts: list[int]) -> None:
    amount = min(amount, sum(parts))
    shares = vat.shared(amount, parts)
    assert sum(shares) == amount
    assert all(0 <= share <= part for share, part in zip(shares, parts, strict=True))
    whole = sum(parts) or 1
    assert all(abs(share - amount * part / whole) < 1 for share, part in zip(shares, parts, strict=True))


@given(LINES)
def test_a_line_is_rounded_once_to_the_nearest_cent(one: Line) -> None:
    assert abs(one.gross * 1000 - one.unit_price * round(float(one.quantity) * 1000)) <= 500
    assert one.net + one.vat == one.gross
    assert abs(one.net * (10_000 + one.rate) - one.gross * 10_000) * 2 <= 10_000 + one.rate
