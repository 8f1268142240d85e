"""Icons, pennants, garlands and plates: small SVG that a strict content policy accepts."""

import re
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from kit import drawings
from kit.assets import STATIC
from kit.i18n import speaking

TEMPLATES = Path(drawings.__file__).resolve().parent.parent / "templates"
NAMED = re.compile(r'\bicon\(\s*"([a-z-]+)"')


def test_small_icons_are_bold_and_notions_are_two_tone() -> None:
    assert "#b-ticket" in drawings.icon("ticket", 20)
    assert drawings.icon("ticket", 28).find("#ticket") > 0
    assert "icons.svg?v=" in drawings.icon("ticket")


def test_an_icon_is_silent_unless_it_is_named() -> None:
    assert 'aria-hidden="true"' in drawings.icon("x")
    assert 'role="img" aria-label="&lt;Close&gt;"' in drawings.icon("x", 20, "<Close>")


def test_an_unknown_icon_breaks_no_page() -> None:
    assert "#flag-pennant" in drawings.icon('no"such', 28)


@pytest.mark.parametrize("word", sorted(drawings.WORDS))
def test_every_word_has_its_icon(word: str) -> None:
    assert drawings.knows(word)


def test_templates_name_only_drawn_icons() -> None:
    named = {name for path in TEMPLATES.rglob("*.html") for name in NAMED.findall(path.read_text("utf-8"))}
    assert not sorted(name for name in named if not drawings.knows(name))


@pytest.mark.parametrize("name", ["icons.svg", "pictures.svg"])
def test_a_sheet_holds_what_the_list_says(name: str) -> None:
    kinds = {"notion": ("icons.svg", ""), "bold": ("icons.svg", "b-"), "picture": ("pictures.svg", "")}
    listed = set()
    for line in (STATIC / "icons.txt").read_text("utf-8").splitlines():
        kind, _, names = line.partition(" ")
        if kind in kinds and kinds[kind][0] == name:
            listed |= {kinds[kind][1] + one for one in names.split()}
    assert drawings.sheet(name) == listed
    ElementTree.parse(STATIC / name)  # noqa: S314


def test_a_pennant_has_a_day_and_an_evening_colour() -> None:
    drawn = drawings.pennant(1, "#D0122D", 24, "B")
    assert 'fill="#B91A2B"' in drawn
    assert 'fill="#FB908B"' in drawn
    assert ">B</text>" in drawn
    ElementTree.fromstring(drawn)  # noqa: S314


def test_a_garland_repeats_the_pennants_it_is_given() -> None:
    drawn = drawings.garland([(0, "#D0122D"), (9, "#1F4BB8")])
    assert drawn.count('class="by-day"') == 8 + 26
    assert len(drawn) < 9_000
    ElementTree.fromstring(drawn)  # noqa: S314


def test_a_plate_speaks_the_language_of_the_reader() -> None:
    with speaking("fr"):
        plate = drawings.plate(date(2026, 11, 21))
    assert (plate.weekday, plate.number, plate.month) == ("sam.", "21", "nov.")
    assert plate.full == "samedi 21 novembre 2026"
    with speaking("en"):
        assert drawings.plate(date(2026, 11, 21)).full == "Saturday 21 November 2026"


def test_lines_escape_and_break() -> None:
    assert drawings.lines("<b>\nb") == "&lt;b&gt;<br>b"
