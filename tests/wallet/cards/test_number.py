"""Printed numbers and the addresses of QR codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallet.cards.address import Address, code_of, read_address
from wallet.cards.number import (
    SIGNS,
    BadCode,
    BadNumber,
    check_sign,
    is_mistyped,
    new_code,
    new_number,
    normal_number,
    shown_number,
    spoken_number,
)
from wallet.cards.reading import Tap, meant_by

BODIES = st.text(SIGNS, min_size=7, max_size=7)


def test_a_new_number_is_short_and_has_no_sign_taken_for_another() -> None:
    numbers = {new_number() for _card in range(200)}
    assert len(numbers) == 200
    assert not {"0", "O", "1", "I", "L"} & set("".join(numbers))
    assert {len(number) for number in numbers} == {8}
    assert not any(is_mistyped(number) for number in numbers)


@given(BODIES, st.integers(0, 7), st.sampled_from(SIGNS))
def test_one_wrong_sign_is_noticed(body: str, place: int, sign: str) -> None:
    number = body + check_sign(body)
    typed = number[:place] + sign + number[place + 1 :]
    assert is_mistyped(typed) == (typed != number)


@given(BODIES, st.integers(0, 5))
def test_two_neighbours_that_change_places_are_noticed(body: str, place: int) -> None:
    number = body + check_sign(body)
    typed = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert is_mistyped(typed) == (typed != number)


def test_a_number_is_typed_with_or_without_spaces_and_capitals() -> None:
    number = new_number()
    assert normal_number(f" {shown_number(number).lower()} ") == number
    assert normal_number("-".join(number)) == number
    assert spoken_number("K7M29QXD") == "K 7 M 2, 9 Q X D"


def test_numbers_of_an_older_system_are_kept_as_they_are() -> None:
    assert normal_number("No 000123".removeprefix("No")) == "000123"
    assert shown_number("000123") == "000123"
    assert not is_mistyped("000123")


@pytest.mark.parametrize("text", ["", "--", "é", "a" * 100, "a\x00b"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(BadNumber):
        normal_number(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("https://cafe.example/c/ABCDEFGH", "ABCDEFGH"),
        ("/c/ABCDEFGH", "ABCDEFGH"),
        ("cafe.example/c/ABCDEFGH/", "ABCDEFGH"),
        (
            "https://old.example/qr/9d3c1b2a-5f6e-4c7d-8e9f-0a1b2c3d4e5f",
            "9d3c1b2a-5f6e-4c7d-8e9f-0a1b2c3d4e5f",
        ),
        ("https://old.example/pass/card%2D12?x=1#top", "card-12"),
        ("ABCDEFGH", "ABCDEFGH"),
    ],
)
def test_a_code_is_the_last_part_of_any_address(text: str, code: str) -> None:
    assert code_of(text) == code


@pytest.mark.parametrize("text", ["https://cafe.example/", "http://[", "a/b c", "/c/é", "x" * 3000 + "/y"])
def test_addresses_without_a_code_are_refused(text: str) -> None:
    with pytest.raises(BadCode):
        code_of(text)


def test_the_chip_s_message_is_found_in_an_address_under_its_usual_names() -> None:
    for names in (("picc_data", "cmac"), ("e", "c"), ("p", "m")):
        text = f"https://cafe.example/c/ABCDEFGH?{names[0]}=AA&{names[1]}=BB"
        assert read_address(text) == Address("ABCDEFGH", "AA", "BB")
    assert read_address("https://cafe.example/c/?picc_data=AA&cmac=BB") == Address("", "AA", "BB")


def test_a_code_holds_enough_chance_to_be_a_key() -> None:
    assert len({new_code() for _card in range(50)}) == 50
    assert len(new_code()) >= 20


def test_a_text_means_everything_that_it_may_mean() -> None:
    meant = meant_by(Tap(text="04a21b3c"))
    assert "04A21B3C" in meant.uids
    assert meant.numbers == ("04A21B3C",)
    assert "04A21B3C" in meant.codes
    assert meant_by(Tap(text="?")).is_nothing
    assert meant_by(Tap(text="K7M29QXE")).is_mistyped


@given(st.text(max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    for tap in (Tap(text=text), Tap(uid=text), Tap(number=text), Tap(code=text)):
        meant_by(tap)
