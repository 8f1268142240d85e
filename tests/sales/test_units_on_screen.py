"""The office about hours: each page says them apart, and adds none of them to money."""

import csv
import io
from datetime import timedelta
from functools import partial

import pytest
from starlette.testclient import TestClient

from kit.app import App
from sales import exporting
from sales.queries.payments import in_ledger, received
from sales.schemas import LoadLine, Outside
from tests.factories.money import Till, at
from tests.sales.counter import EVENING, Bar, Opener, open_bar
from tests.sales.test_screens import DAY, manager, see
from tests.wallet.pockets import new_pass
from wallet.cards.reading import Tap

__all__ = ["manager"]


@pytest.fixture
def open_one(app: App, client: TestClient) -> Opener:
    """Points of sale of a node that serves pages: its rooms are prepared already."""
    assert client.portal is not None
    return partial(open_bar, app)


def test_pages_and_files_keep_hours_apart(manager: TestClient, bar: Bar, money: Till) -> None:
    bar.sells("Goûter", 150, currency=money.hours)
    card = new_pass(bar.app)
    gift = LoadLine(kind="give", asset=money.hours, amount=400, tap=Tap(number=card.number))
    bar.sell(gift, total=400, paid=(Outside(means="house", amount=400),))
    snack = bar.sell(bar.line("Goûter", "2"), total=300, passes=(card.number,))
    bar.sell(bar.line("Soupe"), total=280)
    pages = {
        f"/journal/{snack.entry.id}": ("3 h", "1.5 h", "apart from all money"),
        f"/receipts/{snack.entry.id}": ("3 h", "apart from all money, without VAT"),
        "/journal": ("3 h", "4 h", "Given by the house"),
        f"/x-reports/{bar.point}": ("Received for sales", "3 h", "Given to Passes", "4 h"),
        "/payments": ("Payments and closings say the same: €2.80.", "3 h", "4 h", "The same"),
        "/turnover": ("€2.80", "Time currency, apart", "3 h"),
        "/closings": ("1 sale · <b>€2.80</b> · 3 h",),
    }
    for path, words in pages.items():
        text = see(manager, path)
        assert [one for one in words if one not in text] == [], path
        assert "€3.00" not in text, path
    closing = bar.close().entry
    assert "3 h" in see(manager, f"/closings/{closing.id}")
    with bar.app.db.read() as session:
        lines = list(csv.DictReader(io.StringIO(b"".join(exporting.sales(session)).decode("utf-8-sig"))))
        ends = list(csv.DictReader(io.StringIO(b"".join(exporting.closings(session)).decode("utf-8-sig"))))
        with at(EVENING + timedelta(days=1)):
            rows = received(session, DAY, DAY)
        hours = [one for one in in_ledger(session, (EVENING, EVENING + timedelta(1)), rows) if one.journal]
    assert [(one["currency"], one["gross"], one["payments"]) for one in lines] == [
        ("time", "4.00", "house time 4.00"), ("time", "3.00", "pass time 3.00"), ("", "2.80", "cash 2.80"),
    ]  # fmt: skip
    assert (ends[0]["turnover"], ends[0]["time_and_points"]) == ("2.80", "time 3.00 given 4.00")
    assert [(one.symbol, one.journal, one.difference) for one in hours] == [("h", 300, 0)]
