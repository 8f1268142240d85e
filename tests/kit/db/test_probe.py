"""The disk probe: what it says of a slow disk and of one that lies."""

from pathlib import Path

from kit.db.probe import BUDGET, DiskProbe, probe, report


def test_a_probe_measures_and_leaves_nothing(tmp_path: Path) -> None:
    found = probe(tmp_path)
    assert found.p50_ms > 0
    assert 0 < found.rounds <= 200
    assert list(tmp_path.iterdir()) == []
    assert report(tmp_path).p50_ms < BUDGET * 1000


def test_it_warns_of_a_crawling_disk_and_of_a_lying_one() -> None:
    assert "memory card" in DiskProbe(12.5, 200).warning
    assert "power cut" in DiskProbe(0.004, 200).warning
    assert DiskProbe(0.4, 200).warning == ""
