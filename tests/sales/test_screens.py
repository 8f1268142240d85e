"""The back office of the sealed journal: its pages say what the journal says, and close the day once."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from kit.app import App
from sales import exporting
from sales.journal.shapes import Link
from sales.models.journal import ClosingRow
from sales.queries import journal as past
from sales.queries.payments import in_ledger, received
from sales.queries.turnover import sold
from sales.schemas import Outside
from sales.service.closing import DEVICE
from tests.factories.money import ODILE, Till, at
from tests.people.browsers import sign_in
from tests.sales.counter import EVENING, Bar, Opener, open_bar
from tests.wallet.asking import program
from tests.wallet.pockets import load, new_pass
from wallet import flows
from wallet.ledger.requests import Holder
from wallet.ledger.requests import Line as SpendLine
from wallet.schemas import Spending

SALES = "/admin/sales"
DAY = EVENING.date()


@pytest.fixture
def open_one(app: App, client: TestClient) -> Opener:
    """Points of sale of a node that serves pages: its rooms are prepared already."""
    assert client.portal is not None
    return partial(open_bar, app)


@pytest.fixture
def manager(app: App, bar: Bar, client: TestClient) -> Iterator[TestClient]:
    """The browser of who keeps the tills, on that evening."""
    with at(EVENING + timedelta(minutes=5)):
        sign_in(app, client, "zoe@example.org", "till_manager", name="Zoé")
        yield client


def see(browser: TestClient, path: str) -> str:
    """A page as text, its spaces made plain."""
    answer = browser.get(f"{SALES}{path}")
    assert answer.status_code == 200, answer.text
    return answer.text.replace("\xa0", " ").replace("\u202f", " ")


def an_evening(bar: Bar, money: Till) -> list[Link]:
    """Beers with cups in cash, soup by card terminal, a Pass, a correction, a sale taken back."""
    card = new_pass(bar.app)
    load(bar.app, money, card, 2000)
    first = bar.sell(bar.line("Demi blonde", "2"), bar.line("Gobelet", "2"), total=800)
    second = bar.sell(bar.line("Soupe"), total=280, paid=(Outside(means="card_terminal", amount=280),))
    third = bar.sell(bar.line("Panaché", "2"), total=500, passes=(card.number,))
    fourth = bar.sell(bar.line("Demi blonde"), total=300)
    bar.change_means(fourth.entry.id, Outside(means="cheque", amount=300))
    back = bar.take_back(first.entry.id)
    return [first, second, third, fourth, back]


def hidden(text: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    return found[1] if found else ""


def test_the_journal_is_searched_and_each_entry_told(bar: Bar, money: Till, manager: TestClient) -> None:
    first, second, third, _fourth, back = an_evening(bar, money)
    assert "Sale A-1<" in see(manager, "/journal")
    for query, shown, absent in (
        ("number=A-2", "A-2<", "A-1<"),
        ("number=99", "Nothing matches", "A-1<"),
        ("means=pass", "A-3<", "A-2<"),
        ("amount=2,80", "A-2<", "A-3<"),
        ("kind=credit_note", "A-5<", "A-1<"),
        (f"point={bar.point}&operator=E3&since={DAY}&until={DAY}", "A-3<", "Nothing matches"),
        ("until=2026-11-20", "Nothing matches", "A-1<"),
    ):
        text = see(manager, f"/journal?{query}")
        assert shown in text, query
        assert absent not in text, query
    text = see(manager, f"/journal/{first.entry.id}")
    assert "This sale was taken back" in text
    assert str(back.entry.id) in text
    assert "by vouchers" not in text
    assert past_fingerprint(first) in text
    spent = third.entry.sale.payments[0].transfer if third.entry.sale else ""
    assert f"/admin/money/transfers/{UUID(hex=spent)}" in see(manager, f"/journal/{third.entry.id}")
    assert "10%" in see(manager, f"/journal/{second.entry.id}")
    assert manager.get(f"{SALES}/journal?number=x-y-z").status_code == 422


def past_fingerprint(link: Link) -> str:
    return " ".join(link.mac[i : i + 4].upper() for i in range(0, 64, 4))


def test_the_list_goes_on_page_by_page(
    bar: Bar, manager: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        bar.sell(bar.line("Soupe"), total=280)
    with bar.app.db.read() as session:
        first = past.entries(session, past.Wanted(limit=2))
        second = past.entries(session, past.Wanted(limit=2, before=first.next))
    seqs = [link.entry.seq for link in (*first.rows, *second.rows)]
    assert seqs == [3, 2, 1]
    assert second.next is None


def test_turnover_and_payments_are_what_the_journal_says(
    bar: Bar, money: Till, manager: TestClient, open_one: Opener
) -> None:
    """Two points of sale, one closed: nothing is counted twice, nothing is left out."""
    kitchen = open_one(name="Cuisine", series="K")
    an_evening(bar, money)
    kitchen.sell(kitchen.line("Soupe", "2"), total=560)
    bar.close(counted=0)
    with bar.app.db.read() as session:
        found = sold(session, DAY, DAY)
        rows = received(session, DAY, DAY)
        entries = list(past.oldest_first(session, past.Wanted()))
        ledger = in_ledger(session, (EVENING - timedelta(hours=1), EVENING + timedelta(hours=1)), rows)
    sales = [link.entry.sale for link in entries if link.entry.sale]
    products = [line for sale in sales for line in sale.lines if line.sort == "product"]
    assert found.totals.turnover == sum(line.gross - line.offered for line in products) == 1640
    assert found.totals.vat == sum(line.vat for line in products)
    assert len(found.open_now) == 1
    assert found.days[0].is_open
    assert sum(row.amount for row in rows) == sum(sale.total for sale in sales)
    assert {row.key: row.amount for row in rows if row.amount} == {
        row.key: row.amount for row in found.totals.by_means if row.amount
    }
    assert [(one.difference, one.beside) for one in ledger if one.journal] == [(0, 0)]
    assert "€16.40" in see(manager, "/turnover")
    assert "Payments and closings say the same: €16.40" in see(manager, "/payments")
    for by in ("product", "category", "means", "rate"):
        see(manager, f"/turnover?by={by}")
    assert "<svg" in see(manager, "/turnover?since=2026-01-01")
    assert manager.get(f"{SALES}/turnover?since=2026-13-01").status_code == 422


def test_what_a_program_took_stands_beside_what_tills_took(
    bar: Bar, money: Till, manager: TestClient
) -> None:
    """A Pass paid a workshop by a program: the ledger's alone, and no alarm."""
    card = new_pass(bar.app)
    load(bar.app, money, card, 2000)
    bar.sell(bar.line("Panaché", "2"), total=500, passes=(card.number,))
    wrong = bar.sell(bar.line("Soupe"), total=280, passes=(card.number,))
    bar.take_back(wrong.entry.id)
    workshop = Spending(lines=(SpendLine("Atelier", 300),), payers=(Holder(card.wallet),))
    with at(EVENING):
        flows.spend(bar.app, ODILE, workshop)
    with bar.app.db.read() as session:
        rows = received(session, DAY, DAY)
        around = EVENING - timedelta(hours=1), EVENING + timedelta(hours=1)
        (local,) = in_ledger(session, around, rows)
    assert (local.ledger, local.journal, local.beside, local.difference) == (800, 500, 300, 0)
    text = see(manager, "/payments")
    assert "They differ" not in text
    assert "It is in the ledger alone" in text


def test_the_figures_leave_as_csv(bar: Bar, money: Till, manager: TestClient) -> None:
    bar.sells('=Bière; "fût"', 450)
    bar.sell(bar.line('=Bière; "fût"'), total=450)
    bar.sell(bar.line("Soupe"), total=280)
    bar.close()
    answer = manager.get(f"{SALES}/turnover.csv?by=product")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row[0], row[3]) for row in rows[1:]] == [('\'=Bière; "fût"', "4.50"), ("Soupe", "2.80")]
    with bar.app.db.read() as session:
        lines = list(csv.reader(io.StringIO(b"".join(exporting.sales(session)).decode("utf-8-sig"))))
        closed = list(csv.reader(io.StringIO(b"".join(exporting.closings(session)).decode("utf-8-sig"))))
    assert lines[1][lines[0].index("label")] == '\'=Bière; "fût"'
    assert all(len(row) == len(lines[0]) for row in lines)
    assert closed[1][closed[0].index("turnover")] == "7.30"
    assert len(closed[1]) == len(closed[0])


def test_the_day_is_closed_once_through_the_form(bar: Bar, manager: TestClient) -> None:
    bar.move_cash("float", 10000)
    assert manager.post(f"{SALES}/x-reports/{bar.point}", data={"counted": "0,00"}).status_code == 200
    bar.sell(bar.line("Soupe"), total=280)
    assert "Open since" in see(manager, "/closings")
    where = f"{SALES}/x-reports/{bar.point}"
    assert "€102.80" in see(manager, f"/x-reports/{bar.point}")
    wrong = manager.post(where, data={"counted": "100", "left": "200"})
    assert wrong.status_code == 422
    assert "No more can stay" in wrong.text
    assert manager.post(where, data={"counted": "€"}).status_code == 422
    asked = manager.post(where, data={"counted": "101.80", "left": "100"})
    assert "−€1.00" in asked.text
    form = {name: hidden(asked.text, name) for name in ("key", "sure", "counted", "left")}
    first, second = (manager.post(where, data=form) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.headers["location"] == second.headers["location"]
    text = manager.get(first.headers["location"]).text.replace("\xa0", " ")
    assert "Z report no. 1" in text
    assert "−€1.00" in text
    assert "€2.80" in text
    with bar.app.db.read() as session:
        row = session.scalars(select(ClosingRow)).one()
        entry = past.entry_by_id(session, row.id)
    assert entry is not None
    assert entry.entry.stamp is not None
    assert entry.entry.closing is not None
    assert entry.entry.stamp.device == DEVICE
    assert "Zo" not in entry.entry.closing.operator
    assert entry.entry.closing.drawer is not None
    assert entry.entry.closing.drawer.left == 10000
    again = manager.post(where, data={"sure": "true", "key": str(UUID(int=7))})
    assert again.status_code == 409
    assert "Nothing was sold since" in again.text
    assert "Z report no. 1" in see(manager, "/closings?level=day")


def test_a_copy_of_a_receipt_is_a_duplicate_and_journalled(bar: Bar, manager: TestClient) -> None:
    sale = bar.sell(bar.line("Soupe"), total=280).entry
    where = f"{SALES}/receipts/{sale.id}"
    assert "unprinted" in see(manager, f"/receipts/{sale.id}")
    printed = manager.post(where)
    text = manager.get(printed.headers["location"]).text
    assert "unprinted" not in text
    assert "DUPLICATE" in text
    with bar.app.db.read() as session:
        events = [link.entry.event for link in past.oldest_first(session, past.Wanted(kind="event"))]
    assert [(one.what, one.about) for one in events if one] == [("reprint", str(sale.id))]
    assert manager.get(f"{where}?copy={sale.id}").text.count("unprinted") == 1


def test_training_is_a_page_of_its_own(bar: Bar, manager: TestClient, open_one: Opener) -> None:
    school = open_one(name="École", is_training=True, series="F")
    played = school.sell(school.line("Soupe"), total=280).entry
    assert "F-1<" not in see(manager, "/journal")
    assert "Nothing was sold" in see(manager, "/turnover")
    text = see(manager, "/training")
    assert "F-1<" in text
    assert "SIMULATION" in text
    assert "This was only played" in see(manager, f"/journal/{played.id}")
    assert "Nothing was received" in see(manager, "/payments")


def test_programs_read_sales_and_closings(bar: Bar, money: Till, app: App, client: TestClient) -> None:
    entries = an_evening(bar, money)
    bar.close()
    reader = program(app, client, "treasurer", "sales:read")
    numbers = [one["sale"]["number"] for one in reader.whole_list("sales", limit=3)]
    assert numbers == [4, 3, 2, 1]
    one = reader.get(f"sales/{entries[0].entry.id}")
    assert (one["taken_back_by"], one["sale"]["total"]) == (str(entries[-1].entry.id), 800)
    bar.take_back(entries[1].entry.id, (0, "1"))
    part = reader.get(f"sales/{bar.take_back(entries[2].entry.id, (0, '1')).entry.id}")
    half = reader.get(f"sales/{entries[2].entry.id}")
    assert (half["taken_back_by"], half["credit_notes"], part["parts"]) == (None, [part["id"]], [0])
    closed = reader.get("closings", level="day")["items"][0]
    again = reader.get(f"closings/{closed['id']}")
    assert again["closing"]["totals"]["turnover"] == 1080
    reader.get("sales", cursor="x", status=422)
    reader.get(f"closings/{entries[0].entry.id}", status=404)
