"""The audit log: written with the act, searched in the reader's language, taken as a table."""

import csv
import io
from typing import Any

import pytest
from starlette.testclient import TestClient

from kit.app import App
from kit.auth import Principal
from kit.db import Database
from kit.i18n import lazy, speaking
from kit.ids import new_id
from people import audit
from people.feature import PEOPLE
from people.models.person import ADMINISTRATOR
from people.queries.journal import PER_PAGE, Wanted, journal_csv, read_journal
from tests.people.browsers import OFFICE, sign_in


def write(
    db: Database, *, by: Principal = OFFICE, verb: str = "Event published", about: str = "", **more: Any
) -> None:
    db.write(lambda session: audit.record(session, by, verb, about, **more).seq)


def read(db: Database, **wanted: Any) -> list[str]:
    with db.read() as session:
        return [entry.about for entry in read_journal(session, Wanted(**wanted)).entries]


def test_an_act_that_fails_leaves_no_entry(db: Database) -> None:
    def unit(session: Any) -> None:
        audit.record(session, OFFICE, lazy("Event published"), "Ball")
        raise LookupError

    with pytest.raises(LookupError):
        db.write(unit)
    assert read(db) == []


def test_details_hold_no_secret_and_only_plain_values(db: Database) -> None:
    details = {
        "token": "t",
        "api_token": "t",
        "code": "1",
        "postal_code": "75",
        "roles": frozenset({"b", "a"}),
    }
    write(db, details=details | {"id": new_id(), "list": [1, None]})
    with db.read() as session:
        (entry,) = read_journal(session, Wanted()).entries
    assert entry.details["roles"] == ["a", "b"]
    assert set(entry.details) == {"postal_code", "roles", "id", "list"}


def test_how_the_act_came_is_kept(db: Database) -> None:
    write(db)
    write(db, by=Principal(new_id(), "Robot", scopes=frozenset({"*"})))
    write(db, by=Principal(name="hameau person"))
    with db.read() as session:
        assert [entry.how for entry in read_journal(session, Wanted()).entries] == [
            "command",
            "token",
            "screen",
        ]


def test_search_reads_names_things_and_verbs_in_the_readers_language(db: Database) -> None:
    write(db, verb="Role given", about="Élodie")
    write(db, verb="Person archived", about="Bruno")
    assert read(db, q="elodie") == ["Élodie"]
    assert read(db, q="odile archived") == ["Bruno"]
    with speaking("fr"):
        assert read(db, q="role donne") == ["Élodie"]
    assert read(db, q="%") == []


def test_filters_by_person_kind_and_day(db: Database) -> None:
    other = Principal(new_id(), "Lou", session_id=new_id())
    write(db, about="a", kind="event")
    write(db, by=other, about="b", kind="place")
    with db.read() as session:
        newest = read_journal(session, Wanted()).entries[0]
    assert read(db, who=other.person_id) == ["b"]
    assert read(db, kind="event") == ["a"]
    assert read(db, since=newest.at) == ["b"]
    assert read(db, until=newest.at) == ["a"]


def test_pages_follow_a_cursor_without_losing_or_doubling(db: Database) -> None:
    def many(session: Any) -> None:
        for number in range(PER_PAGE * 2 + 3):
            audit.record(session, OFFICE, "Event published", str(number))

    db.write(many)
    seen: list[str] = []
    before, turns = 0, 0
    while turns == 0 or before:
        with db.read() as session:
            page = read_journal(session, Wanted(), before)
        seen += [entry.about for entry in page.entries]
        before, turns = page.older, turns + 1
    assert turns == 3
    assert seen == [str(number) for number in reversed(range(PER_PAGE * 2 + 3))]


def test_the_table_is_csv_and_runs_no_formula(db: Database) -> None:
    write(db, about='=HYPERLINK("x")', details={"a": "é,"})
    with db.read() as session:
        text = b"".join(journal_csv(session, Wanted())).decode("utf-8-sig")
    head, line = list(csv.reader(io.StringIO(text)))
    told = dict(zip(head, line, strict=True))
    assert told["about"] == '\'=HYPERLINK("x")'
    assert told["details"] == '{"a": "é,"}'
    assert told["who"] == "Odile"


def test_a_command_exports_the_whole_log(db: Database) -> None:
    write(db, about="Ball")
    (export,) = PEOPLE.exports
    with db.read() as session:
        assert b"Ball" in b"".join(export.run(session))


def test_the_page_shows_filters_and_takes_a_table(app: App, client: TestClient) -> None:
    sign_in(app, client, "odile@example.org", ADMINISTRATOR)
    assert "Nothing in the log" in client.get("/admin/audit").text
    write(app.db, about="Ball", kind="event", details={"day": "Friday"})
    page = client.get("/admin/audit?q=ball&kind=event&since=2020-01-01&until=2100-01-01").text
    assert "Ball" in page
    assert "Friday" in page
    assert "Ball" not in client.get("/admin/audit?until=2020-01-01").text
    answer = client.get("/admin/audit.csv?q=ball")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "Ball" in answer.text


@pytest.mark.parametrize(
    "query", ["until=9999-12-31", "since=0001-01-01", "before=9223372036854775807", "kind=%27"]
)
def test_the_edges_of_every_filter_are_pages(app: App, client: TestClient, query: str) -> None:
    sign_in(app, client, "odile@example.org", ADMINISTRATOR)
    assert client.get(f"/admin/audit?{query}").status_code == 200


@pytest.mark.parametrize("query", ["until=x", "before=-1", "before=99999999999999999999", "who=x"])
def test_a_wrong_filter_is_a_named_refusal(app: App, client: TestClient, query: str) -> None:
    sign_in(app, client, "odile@example.org", ADMINISTRATOR)
    assert client.get(f"/admin/audit?{query}").status_code == 422
