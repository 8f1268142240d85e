"""Deliveries recorded from a running Gancio, and objects seen in the wild, read as events."""

import json
from datetime import UTC, datetime
from typing import Any

from agenda.federated.reading import read_event
from agenda.refusals import NotReadable
from tests.factories.events import NOON, mobilizon
from tests.vectors.folder import load

GANCIO = "http://127.0.0.1:13120/federation/u/relay"


def gancio(number: int) -> dict[str, Any]:
    recorded = load("captured-gancio-1.21.json")
    found: dict[str, Any] = json.loads(recorded["deliveries"][number]["body_text"])
    return found


def test_gancio_is_read() -> None:
    told = read_event(gancio(3)["object"], GANCIO, NOON, "Europe/Paris")
    assert told.name == "Concert déplacé"
    assert (told.start, told.timezone) == (datetime(2026, 11, 25, 0, 14, 3, tzinfo=UTC), "Europe/Paris")
    assert told.place is not None
    assert (told.place.name, told.place.street) == ("La Buvette 2", "Rue du Lac 1, 2000 Neuchâtel")
    assert [tag.name for tag in told.tags] == ["musique"]
    assert told.description == "<p>Une <b>soirée</b></p>"


def examples() -> list[dict[str, Any]]:
    groups = load("fediverse-pasture-inputs.json")["inputs"].values()
    return [example for group in groups for example in group["examples"]]


def test_everything_seen_in_the_wild_is_read_or_refused_by_name() -> None:
    read = 0
    for example in examples():
        told = mobilizon() | {
            key: value for key, value in example.items() if key not in {"id", "attributedTo"}
        }
        try:
            event = read_event(told, "https://mob.example/@groupe", NOON, "Europe/Paris")
        except NotReadable:
            continue
        read += 1
        assert "<script" not in event.description
        assert " src=" not in event.description
    assert read > 200
