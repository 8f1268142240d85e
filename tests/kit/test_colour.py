"""The accent, made safe: the table of docs/look.md, and its promises over any colour."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.colour import (
    CARD,
    EVENING_CARD,
    EVENING_INK,
    SUNK,
    contrast,
    is_colour,
    safe,
    theme_css,
    to_hex,
    to_oklch,
)

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06X}")


@pytest.mark.parametrize(
    ("chosen", "day", "evening", "ratios"),
    [
        ("#1F4BB8", "#1F4BB8 #E9F0FF", "#87AEFE #23304A", (7.6, 7.1)),
        ("#D0122D", "#B91A2B #FEEBE9", "#FB908B #462624", (6.5, 7.1)),
        ("#FF7A00", "#974602 #FFECE1", "#F29761 #442818", (6.6, 7.0)),
        ("#FFD400", "#705C00 #F8F0D6", "#F4D66C #39300F", (6.5, 11.0)),
        ("#7FE0B0", "#046C47 #DDF8E9", "#7FE0B0 #163828", (6.5, 9.9)),
        ("#000000", "#000000 #F0F0F0", "#AEAEAE #303030", (21.0, 7.1)),
    ],
)
def test_the_table_of_the_look(chosen: str, day: str, evening: str, ratios: tuple[float, float]) -> None:
    tokens = safe(chosen)
    assert f"{tokens.accent} {tokens.soft}" == day
    assert f"{tokens.evening_accent} {tokens.evening_soft}" == evening
    on_day = contrast(CARD, tokens.accent)
    assert (round(on_day, 1), round(contrast(tokens.evening_accent, EVENING_CARD), 1)) == ratios


@given(colours)
def test_any_colour_becomes_readable(chosen: str) -> None:
    tokens = safe(chosen)
    assert contrast(tokens.accent, SUNK) >= 5.5
    assert contrast(tokens.accent, tokens.on_accent) >= 6.4
    assert contrast(tokens.accent, tokens.soft) >= 5.5
    assert contrast(tokens.evening_accent, EVENING_CARD) >= 7
    assert contrast(tokens.evening_accent, EVENING_INK) >= 7
    assert contrast(tokens.evening_accent, tokens.evening_soft) >= 5.5


@given(colours)
def test_a_colour_survives_the_round_trip(chosen: str) -> None:
    assert to_hex(to_oklch(chosen)) == chosen


@given(colours)
def test_the_garland_is_neither_black_nor_white(chosen: str) -> None:
    assert 0.44 < to_oklch(safe(chosen).vivid).lightness < 0.81


@given(st.text())
def test_what_is_no_colour_is_the_blue_of_the_house(text: str) -> None:
    assert is_colour(text) or safe(text) == safe("#1F4BB8")


def test_the_stylesheet_holds_nothing_but_properties() -> None:
    css = theme_css('#D0122D"}body{display:none}')
    assert css == theme_css("#1F4BB8")
    assert "--accent:#B91A2B;--accent-soft:#FEEBE9;--on-accent:#FFFFFF" in theme_css("#d0122d")
    assert re.fullmatch(r"[\s:a-z@()=\[\]{}0-9A-F#;-]+", theme_css("#D0122D"))


def test_contrast_is_the_one_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
