"""Chip numbers: one form for every notation that readers write."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallet.cards.uid import NOTATIONS, BadUid, Notation, is_uid, normal_uid, readings, shown_uid

SEVEN = "04A21B3C4D5E80"
CHIPS = (
    st.sampled_from([4, 7, 10])
    .flatmap(lambda size: st.binary(min_size=size, max_size=size))
    .filter(lambda data: len(data) > 4 or data[0] not in {0x08, 0x88})
)


@pytest.mark.parametrize(
    "said",
    [
        "04A21B3C4D5E80",
        "04:a2:1b:3c:4d:5e:80",
        "04-A2-1B-3C-4D-5E-80",
        "04 a2 1b 3c 4d 5e 80\r\n",
        "0x04A21B3C4D5E80",
        "0x04 0xA2 0x1B 0x3C 0x4D 0x5E 0x80",
        "04.a2.1b.3c.4d.5e.80",
        "０４A21B3C4D5E80",
        "\u00a004a2\u202f1b3c 4d5e80",
    ],
)
def test_every_notation_of_a_chip_is_one_form(said: str) -> None:
    assert normal_uid(said) == SEVEN


@given(CHIPS, st.sampled_from(["", ":", "-", " "]), st.booleans())
def test_any_chip_of_4_7_or_10_bytes_comes_back(data: bytes, between: str, in_capitals: bool) -> None:
    said = between.join(f"{byte:02x}" for byte in data)
    assert normal_uid(said.upper() if in_capitals else said) == data.hex().upper()
    assert normal_uid(shown_uid(data.hex().upper())) == data.hex().upper()


@given(CHIPS.filter(lambda data: data[0] != 0 and data[-1] != 0))
def test_decimal_readers_in_either_order_lead_to_the_chip(data: bytes) -> None:
    uid = data.hex().upper()
    straight, backwards = str(int.from_bytes(data)), str(int.from_bytes(data, "little"))
    assert normal_uid(straight, "decimal") == uid
    assert normal_uid(backwards, "decimal_reversed") == uid
    assert uid in readings(straight)
    assert uid in readings(backwards)
    assert uid in readings(data[::-1].hex())


def test_zeros_that_a_reader_adds_change_nothing() -> None:
    assert normal_uid("0123456789", "decimal") == normal_uid("123456789", "decimal") == "075BCD15"


def test_a_reader_that_types_on_a_french_keyboard_is_understood() -> None:
    assert normal_uid("à'Q&&BÇC".replace("Ç", "ç")) == "04A11B9C"


def test_digits_alone_are_never_guessed_but_listed() -> None:
    assert readings("12345678") == ("12345678", "78563412", "00BC614E", "4E61BC00")
    assert "075BCD15" in readings("0123456789")
    assert readings("a card") == ()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("", "unreadable"),
        ("hello", "unreadable"),
        ("04A2", "size"),
        ("04A21", "size"),
        ("04A21B3C4D", "size"),
        ("8804A21B", "half"),
        ("08A21B3C", "random"),
        ("4" * 200, "unreadable"),
    ],
)
def test_what_is_no_chip_number_says_why(said: str, why: str) -> None:
    with pytest.raises(BadUid) as refused:
        normal_uid(said)
    assert refused.value.why == why


@given(st.text(max_size=100), st.sampled_from(NOTATIONS))
def test_any_text_is_a_chip_number_or_refused(text: str, notation: Notation) -> None:
    with suppress(BadUid):
        assert is_uid(normal_uid(text, notation))
    assert all(is_uid(uid) for uid in readings(text))
