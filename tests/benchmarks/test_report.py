"""The shape that scripts read, and figures that are what they are called."""

import json
from pathlib import Path

import pytest

from benchmarks.bench import Bench, Timing, repeat


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench("ledger", tmp_path, "quick")


def test_a_comparison_stands_beside_its_reference(bench: Bench) -> None:
    ours, bare = Timing([0.010] * 100, 1.0), Timing([0.005] * 200, 1.0)
    bench.compare("one client", ours, bare, to="bare sqlite3", database="sqlite", clients=1)
    said = json.loads(bench.report().as_json())
    assert set(said) == {"name", "results", "checks", "machine"}
    assert said["results"] == [
        {
            "case": "one client",
            "database": "sqlite",
            "clients": 1,
            "per_second": 100.0,
            "p50_ms": 10.0,
            "p95_ms": 10.0,
            "p99_ms": 10.0,
            "reference": "bare sqlite3",
            "reference_per_second": 200.0,
            "ratio": 0.5,
        }
    ]


def test_what_does_not_apply_is_left_out(bench: Bench) -> None:
    bench.add("idle", megabytes=70.0)
    assert json.loads(bench.report().as_json())["results"] == [{"case": "idle", "megabytes": 70.0}]


def test_a_broken_check_stays_broken(bench: Bench) -> None:
    bench.add("idle", megabytes=70.0)
    assert bench.report().holds
    bench.check("balances agree", False)
    bench.check("balances agree", True)
    assert not bench.report().holds


def test_nothing_measured_does_not_hold(bench: Bench) -> None:
    assert not bench.report().holds


def test_percentiles_are_in_milliseconds() -> None:
    timing = Timing([number / 1000 for number in range(1, 101)], 5.05)
    assert timing.percentile_ms(0.50) == 51.0
    assert timing.percentile_ms(0.99) == 100.0
    assert round(timing.per_second, 2) == 19.80


def test_work_is_repeated_for_the_time_given() -> None:
    done: list[None] = []
    timing = repeat(lambda: done.append(None), 0.02)
    assert len(done) == len(timing.each) + 1
    assert timing.whole >= 0.02
