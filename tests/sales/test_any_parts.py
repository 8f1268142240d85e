"""Any line, vouchers on it, cut into any parts: no amount falls below zero; at the end nothing is left."""

from datetime import UTC, date, datetime
from uuid import UUID

from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from sales.journal import vat
from sales.journal.asking import Part
from sales.journal.returning import AMOUNTS, is_gone, lines_left, taken
from sales.journal.shapes import Entry, Line, Sale
from tests.sales.test_properties import RATES, line

SOLD = UUID(int=7)
LINES = st.builds(line, st.integers(0, 40), st.integers(1, 4_000), st.sampled_from(RATES))
"""Cheap ones: there a cent of rounding shows."""


def offered(one: Line, share: int) -> Line:
    """With so many per mille of it paid by vouchers."""
    by_vouchers = one.gross * share // 1000
    net = vat.net(one.gross - by_vouchers, one.rate)
    return replace(one, offered=by_vouchers, net=net, vat=one.gross - by_vouchers - net)


def note(sale: Sale, parts: tuple[int, ...]) -> Entry:
    return Entry(
        chain="real", seq=1, prev="", id=SOLD, kind="credit_note", at=datetime.now(UTC), content="", key="",
        day=date(2026, 11, 21), refers=SOLD, sale=sale, parts=parts,
    )  # fmt: skip


@given(st.builds(offered, LINES, st.integers(0, 1000)), st.lists(st.integers(1, 900), max_size=12))
@example(line(1, 2_100, 2_000), [500, 500, 500, 500])
def test_parts_of_a_line_add_up_to_it(one: Line, cuts: list[int]) -> None:
    sold = Sale(number=1, regime="liable", lines=(one,), payments=(), total=one.gross)
    notes = list[Entry]()
    is_piece = "." not in one.quantity
    for cut in cuts:
        (left,) = lines_left(sold, notes)
        there = vat.quantity(left.quantity) if left.quantity != "0" else 0
        wanted = vat.quantity("1" if is_piece else f"{cut / 1000:.3f}")
        if wanted > there:
            break
        what = taken(sold, notes, [Part(0, vat.plain(wanted))])
        notes.append(note(replace(sold, lines=what.lines, total=what.total), what.parts))
        (rest,) = lines_left(sold, notes)
        for name in AMOUNTS:
            assert 0 <= getattr(rest, name) <= getattr(left, name), name
        assert rest.net + rest.vat == rest.gross - rest.offered
    if not is_gone(lines_left(sold, notes)):
        what = taken(sold, notes, ())
        notes.append(note(replace(sold, lines=what.lines, total=what.total), what.parts))
    (rest,) = lines_left(sold, notes)
    assert [getattr(rest, name) for name in ("quantity", *AMOUNTS)] == ["0", 0, 0, 0, 0]
