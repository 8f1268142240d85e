"""The office's own acts about sales: a day of training is closed, an operator's entries are found."""

from msgspec.json import encode
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from kit.ids import new_id
from sales.giving_back import Returning
from sales.journal.asking import Sell, TakeBack
from sales.models.waiting import SaleReturning, SaleWaiting
from sales.schemas import Outside
from tests.sales.counter import EVENING, Bar
from tests.sales.looking import broken, closings, entries
from tests.sales.test_screens import SALES, hidden, manager, open_one, see  # noqa: F401


def test_a_day_of_training_is_closed_in_the_office(
    bar: Bar,
    manager: TestClient,  # noqa: F811
) -> None:
    bar.sell(bar.line("Demi blonde"), total=300)
    bar.is_training = True
    bar.sell(bar.line("Soupe"), total=280)
    shown = see(manager, "/closings?training=true")
    assert ("SIMULATION" in shown, "€2.80" in shown, "€3.00" in shown) == (True, True, False)
    where = f"{SALES}/x-reports/{bar.point}"
    report = see(manager, f"/x-reports/{bar.point}?training=true")
    assert report.count("SIMULATION") >= 3, "on the page, on the paper, in the tabs"
    asked = manager.post(where, data={"counted": "2.80", "training": "true"})
    assert ("SIMULATION" in asked.text, hidden(asked.text, "training")) == (True, "true")
    form = {name: hidden(asked.text, name) for name in ("key", "sure", "counted", "left", "training")}
    done = manager.post(where, data=form)
    assert done.status_code == 303
    sealed = see(manager, done.headers["location"].removeprefix(SALES))
    assert (sealed.count("SIMULATION") >= 3, "Z report no. 1" in sealed) == (True, True)
    assert "Z report no. 1" in see(manager, "/closings?training=true")
    assert "Z report no. 1" not in see(manager, "/closings")
    assert [one.totals.turnover for one in closings(bar.app, chain="training")] == [280]
    assert closings(bar.app) == []
    assert broken(bar.app) == ""


def test_every_entry_of_an_operator_is_found(bar: Bar, manager: TestClient) -> None:  # noqa: F811
    bar.move_cash("float", 5_000)
    sale = bar.sell(bar.line("Soupe"), total=280)
    manager.post(f"{SALES}/receipts/{sale.entry.id}")
    bar.close()
    text = see(manager, "/journal?operator=E3")
    assert all(words in text for words in ("Cash float", "A-1<", "Z report no. 1"))
    assert "printed again" not in text
    assert "Nothing matches" in see(manager, "/journal?operator=E")
    bar.sell(bar.line("Soupe"), total=280)
    where = f"{SALES}/x-reports/{bar.point}"
    asked = manager.post(where, data={})
    manager.post(where, data={name: hidden(asked.text, name) for name in ("key", "sure")})
    closed = entries(bar.app)[-1].closing
    assert closed is not None
    text = see(manager, f"/journal?operator={closed.operator}")
    assert all(words in text for words in ("Z report no. 2", "printed again"))
    assert "Sale A-1" not in text


def test_all_that_cannot_be_searched_is_said_at_once(bar: Bar, manager: TestClient) -> None:  # noqa: F811
    answer = manager.get(f"{SALES}/journal?number=abc&amount=x&since=soon")
    said = ("I write a number, such as 12 or A-12.", "I write an amount with digits", "I write a day.")
    assert (answer.status_code, [words in answer.text for words in said]) == (422, [True] * 3)
    assert "Nothing matches" not in answer.text


def test_a_credit_note_says_what_went_back_in_words(bar: Bar, manager: TestClient) -> None:  # noqa: F811
    sale = bar.sell(bar.line("Soupe"), total=280, paid=(Outside(means="cash", amount=280, given=280),))
    note = bar.take_back(sale.entry.id)
    text = see(manager, f"/journal/{note.entry.id}")
    assert all(words in text for words in ("What was taken back", "Given back by", "Why: Verre renversé"))
    assert " back</small>" not in text + see(manager, f"/journal/{sale.entry.id}"), "exact cash has no change"


def test_what_a_neighbour_refused_is_shown(bar: Bar, manager: TestClient) -> None:  # noqa: F811
    sale = bar.sell(bar.line("Soupe"), total=280)
    stamp = sale.entry.stamp
    assert stamp is not None
    assert "Between nodes" not in see(manager, "/journal")
    sell = Sell(
        id=new_id(),
        content="",
        stamp=stamp,
        regime="liable",
        lines=sale.entry.sale.lines if sale.entry.sale else (),
    )
    back = Returning(
        TakeBack(id=new_id(), content="", stamp=stamp, refers=sale.entry.id, reason=""), new_id(), None
    )

    def rows(session: Session) -> None:
        for host, why in (("home.example", "no_answer"), ("", "insufficient 100")):
            row = SaleWaiting(id=new_id(), made_at=EVENING, host=host, why=why, body=encode(sell))
            session.add(row)
        session.add(
            SaleReturning(id=back.ask.id, sale_id=sale.entry.id, made_at=EVENING, why="", body=encode(back))
        )

    bar.app.db.write(rows)
    text = see(manager, "/journal")
    assert all(words in text for words in ("Between nodes", "Refused", "Waits", "A sale to take back"))
    assert "Between nodes, refused: 1<" in text, "what the till was told at once stays out"
    assert "Between nodes" not in see(manager, "/journal?number=1")
