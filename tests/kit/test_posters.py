"""A poster of the house: always the same for an event, small, and nothing but a drawing."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.drawings import pictures
from kit.posters import PATTERNS, poster

COLOURS = ("#1F4BB8", "#D0122D", "#FFD400", "#000000", "#FFFFFF")


def test_an_event_keeps_its_poster() -> None:
    assert poster("fete", "#D0122D", "guitar") == poster("fete", "#D0122D", "guitar")


def test_all_patterns_are_drawn() -> None:
    grounds = {poster(str(number), "#D0122D", "tent")[:400] for number in range(60)}
    assert len(grounds) >= len(PATTERNS)


@pytest.mark.parametrize("colour", COLOURS)
def test_every_poster_is_light_and_well_formed(colour: str) -> None:
    drawn = [poster(f"{name}-{colour}", colour, name) for name in pictures()]
    assert max(len(text.encode()) for text in drawn) < 6_000
    for text in drawn:
        ElementTree.fromstring(text)  # noqa: S314


@given(st.text(), st.text(), st.text())
def test_nothing_foreign_gets_into_the_drawing(seed: str, colour: str, icon: str) -> None:
    text = poster(seed, colour, icon)
    assert {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(text).iter()} <= {  # noqa: S314
        "svg",
        "g",
        "path",
        "circle",
    }
    assert "style=" not in text
