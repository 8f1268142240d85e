"""What an answer says of itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.http.answer import ACCEPT_ACTIVITY, Answer, media_type
from kit.http.errors import BadAnswer, Unreachable
from kit.http.resolving import SystemResolver, look_up


def answer(kind: str, status: int = 200) -> Answer:
    return Answer("https://a.example/", status, {"content-type": kind}, (), b"")


@pytest.mark.parametrize(
    "kind",
    [
        "application/activity+json",
        "Application/Activity+JSON; charset=utf-8",
        'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
        'application/ld+json;charset=utf-8;profile="x https://www.w3.org/ns/activitystreams"',
    ],
)
def test_activities_say_so(kind: str) -> None:
    assert answer(kind).is_activity
    assert answer(kind).expect_activity() == answer(kind)


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "application/json",
        "text/html",
        "application/ld+json",
        'application/ld+json; profile="https://www.w3.org/ns/activitystreams2"',
        "application/activity+jsonx",
        "text/plain; application/activity+json",
        'image/png; profile="https://www.w3.org/ns/activitystreams"',
    ],
)
def test_everything_else_is_no_activity(kind: str) -> None:
    with pytest.raises(BadAnswer):
        answer(kind).expect_activity()


def test_expectations() -> None:
    assert answer("application/jrd+json").expect("application/json", "application/jrd+json")
    assert answer("").expect()
    for got in (answer("text/html"), answer("application/json", 404), answer("application/json", 302)):
        with pytest.raises(BadAnswer):
            got.expect("application/json")


def test_what_we_ask_for_is_what_we_accept() -> None:
    for kind in ACCEPT_ACTIVITY.split(", "):
        assert answer(kind).is_activity


@given(st.text(max_size=80))
def test_any_header_is_read(value: str) -> None:
    kind, _ = media_type(value)
    assert ";" not in kind


@given(st.text("profile*01'\"=;% \\%2e", max_size=40))
def test_odd_parameters_are_read(parameters: str) -> None:
    assert media_type(f"application/ld+json;{parameters}")[0] == "application/ld+json"


async def test_names_of_this_machine_s_resolver() -> None:
    resolver = SystemResolver()
    assert await resolver.addresses("1.1.1.1", 443) == ["1.1.1.1"]
    assert set(await resolver.addresses("localhost", 443)) <= {"127.0.0.1", "::1"}
    resolver.close()
    for name in ("nowhere.invalid", "a" * 300, "a..b"):
        with pytest.raises(Unreachable):
            look_up(name, 443)
