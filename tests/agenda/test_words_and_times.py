"""Folding, slugs, days and zones."""

from datetime import UTC, date, datetime, time

import pytest

from agenda.times import Month, days_later, is_lasting, to_utc, weekend
from agenda.words import fold, search_words, slugify


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Fête de l’Été", "fete de l ete"),
        ("  CŒUR  à\nCœur ", "coeur a coeur"),
        ("Straße", "strasse"),
        ("50 % & plus…", "50 plus"),
    ],
)
def test_folding_drops_accents_capitals_and_punctuation(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_slug_is_short_and_never_empty() -> None:
    assert slugify("Bal folk : Les Pieds dans l’Ouvette") == "bal-folk-les-pieds-dans-l-ouvette"
    assert slugify("日本") == "x"
    assert len(slugify("très " * 100)) <= 72


def test_search_takes_few_words() -> None:
    assert search_words("Bal, à l'été !") == ["bal", "a", "l", "ete"]
    assert len(search_words("mot " * 500)) == 6


def test_local_hour_survives_the_change_of_clocks() -> None:
    summer = to_utc(date(2026, 10, 24), time(20, 30), "Europe/Paris")
    winter = days_later(summer, 1, "Europe/Paris")
    assert (summer.hour, winter.hour) == (18, 19)


def test_hour_that_a_clock_change_skips_moves_forward() -> None:
    assert to_utc(date(2026, 3, 29), time(2, 30), "Europe/Paris") == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_concert_after_midnight_belongs_to_one_day() -> None:
    start = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
    assert not is_lasting(start, datetime(2026, 11, 22, 2, 0, tzinfo=UTC), "Europe/Paris")
    assert is_lasting(start, datetime(2026, 11, 22, 18, 0, tzinfo=UTC), "Europe/Paris")


def test_weekend_from_any_day() -> None:
    assert weekend(date(2026, 11, 18)) == (date(2026, 11, 21), date(2026, 11, 22))
    assert weekend(date(2026, 11, 21)) == (date(2026, 11, 21), date(2026, 11, 22))
    assert weekend(date(2026, 11, 22)) == (date(2026, 11, 22), date(2026, 11, 22))


def test_month_reads_and_walks() -> None:
    month = Month.read("2026-12")
    assert month is not None
    assert (str(month.before), str(month.after), month.last.day) == ("2026-11", "2027-01", 31)
    assert Month.read("2026-13") is None
    assert Month.read("x") is None
