"""The drawn map: every known place once, readable, always the same, and nothing foreign inside."""

import math
import re
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from kit.maps import APART, MARGIN, SIZE, Stop, drawn_map

FLAG = re.compile(r'class="flag" transform="translate\((-?\d+) (-?\d+)\)')
degrees = st.floats(-89, 89)


def stop(letter: str, latitude: float | None, longitude: float | None, town: str = "Sault") -> Stop:
    return Stop(letter, 0, "#1F4BB8", town, latitude, longitude)


def spots(drawing: str) -> list[tuple[int, int]]:
    return [(int(x), int(y)) for x, y in FLAG.findall(drawing)]


def test_north_is_up_and_east_is_right() -> None:
    west_south, east_north = spots(drawn_map([stop("A", 45.0, 4.0), stop("B", 45.5, 4.5)]))
    assert west_south[0] < east_north[0]
    assert west_south[1] > east_north[1]


def test_neighbours_of_one_town_can_be_told_apart() -> None:
    placed = spots(drawn_map([stop(letter, 45.0, 4.0) for letter in "ABCD"] + [stop("E", 46.0, 5.0)]))
    nearest = min(math.dist(one, other) for one in placed for other in placed if one != other)
    assert len(set(placed)) == 5
    assert nearest > APART * 0.8


def test_a_place_without_coordinates_is_only_in_the_list() -> None:
    assert spots(drawn_map([stop("A", None, None), stop("B", 45.0, 4.0)])) == [(SIZE // 2, SIZE // 2)]
    assert drawn_map([stop("A", None, None)]) == ""


def test_the_map_of_a_village_stays_the_same() -> None:
    stops = [stop("A", 45.0, 4.0), stop("B", 45.5, 4.5)]
    assert drawn_map(stops, "Val") == drawn_map(stops, "Val")
    assert drawn_map(stops, "Val") != drawn_map(stops, "Mont")


def test_names_of_towns_are_escaped_and_said_once() -> None:
    drawing = drawn_map([stop("A", 45.0, 4.0, "<b>&"), stop("B", 45.5, 4.5, "<b>&")])
    assert drawing.count("&lt;b&gt;&amp;") == 1
    ElementTree.fromstring(drawing)  # noqa: S314


@given(st.lists(st.tuples(degrees, degrees), min_size=1, max_size=12))
def test_everything_stays_on_the_paper(places: list[tuple[float, float]]) -> None:
    placed = spots(drawn_map([stop("A", latitude, longitude) for latitude, longitude in places]))
    assert len(placed) == len(places)
    assert all(MARGIN * 0.5 <= part <= SIZE - MARGIN * 0.5 for spot in placed for part in spot)
