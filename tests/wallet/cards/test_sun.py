"""Proven taps of NTAG 424 DNA: the maker's published values, and any keys."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from wallet.cards.software import Message, SoftwareCard, new_uid
from wallet.cards.sun import (
    Altered,
    CardKeys,
    Malformed,
    SunError,
    WrongCard,
    check_mac,
    diversified,
    mac_of,
    read_picc,
    read_tap,
)

ZEROS = bytes(16)
KEY = st.binary(min_size=16, max_size=16)
UID = st.binary(min_size=6, max_size=6).map(lambda rest: f"04{rest.hex()}".upper())
KEYS = CardKeys(bytes(range(16)), bytes(range(16, 32)))


def test_the_maker_s_message_gives_the_maker_s_values() -> None:
    """AN12196, table 2 and table 4: PICCENCData and SDMMAC under keys of zeros."""
    tap = read_picc(bytes.fromhex("EF963FF7828658A599F3041510671E88"), ZEROS)
    assert (tap.uid, tap.counter) == ("04DE5F1EACC040", 61)
    assert mac_of(tap, ZEROS).hex().upper() == "94EED9EE65337086"
    check_mac(tap, bytes.fromhex("94EED9EE65337086"), ZEROS)


def test_the_maker_s_message_that_covers_a_part_of_the_address() -> None:
    """AN12196, table 5: the CMAC covers the encrypted part of the file, up to its own place."""
    tap = read_picc(bytes.fromhex("FD91EC264309878BE6345CBE53BADF40"), ZEROS)
    assert (tap.uid, tap.counter) == ("04958CAA5C5E80", 8)
    covered = b"CEE9A53E3E463EF1F459635736738962&cmac="
    assert mac_of(tap, ZEROS, covered).hex().upper() == "ECC1E7F6C6C73BF6"


def test_the_maker_s_diversified_key() -> None:
    """AN10922 §2.2.1: an AES-128 key from a UID, an application and a system identifier."""
    of = bytes.fromhex("04782E21801D80" + "3042F5" + "4E585020416275")
    key = diversified(bytes.fromhex("00112233445566778899AABBCCDDEEFF"), of)
    assert key.hex().upper() == "A8DD63A3B89D54B37CA802473FDA9175"
    with pytest.raises(ValueError, match="16 to 31"):
        diversified(ZEROS, b"short")


@given(KEY, KEY, UID, st.integers(0, 2**24 - 3))
def test_a_tap_proves_the_card_and_its_counter_whatever_the_keys(
    meta: bytes, master: bytes, uid: str, counter: int
) -> None:
    keys = CardKeys(meta, master)
    card = SoftwareCard(uid, keys, counter)
    message = card.tap()
    proven = read_tap(message.picc_data.lower(), message.cmac, keys, uid)
    assert (proven.uid, proven.counter) == (uid, counter + 1)
    assert card.tap() != message


@given(UID, st.integers(0, 127), st.integers(0, 63))
def test_one_changed_bit_is_noticed(uid: str, in_data: int, in_mac: int) -> None:
    message = SoftwareCard(uid, KEYS).tap()
    for altered in (
        Message(_flipped(message.picc_data, in_data), message.cmac),
        Message(message.picc_data, _flipped(message.cmac, in_mac)),
    ):
        with pytest.raises(Altered):
            read_tap(altered.picc_data, altered.cmac, KEYS)


@given(KEY, KEY)
def test_a_card_made_with_other_keys_is_refused(meta: bytes, master: bytes) -> None:
    assume(meta != KEYS.meta or master != KEYS.master)
    message = SoftwareCard(new_uid(), CardKeys(meta, master)).tap()
    with pytest.raises(Altered):
        read_tap(message.picc_data, message.cmac, KEYS)


def test_another_card_s_message_is_refused() -> None:
    message = SoftwareCard("04A21B3C4D5E80", KEYS).tap()
    with pytest.raises(WrongCard):
        read_tap(message.picc_data, message.cmac, KEYS, "04A21B3C4D5E81")


def test_the_number_of_one_card_with_the_code_of_another_is_refused() -> None:
    one, other = SoftwareCard("04A21B3C4D5E80", KEYS), SoftwareCard("04A21B3C4D5E81", KEYS)
    with pytest.raises(Altered):
        read_tap(one.tap().picc_data, other.tap().cmac, KEYS)


@pytest.mark.parametrize(
    ("picc_data", "cmac"), [("", ""), ("AB", "CD"), ("Z" * 32, "0" * 16), ("é" * 32, "0" * 16)]
)
def test_what_is_no_message_is_refused(picc_data: str, cmac: str) -> None:
    with pytest.raises(Malformed):
        read_tap(picc_data, cmac, KEYS)


@given(st.text(max_size=40), st.text(max_size=20))
def test_any_text_is_refused_by_name(picc_data: str, cmac: str) -> None:
    with pytest.raises(SunError):
        read_tap(picc_data, cmac, KEYS)


def test_keys_are_sixteen_bytes_and_never_shown() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        CardKeys(b"short", ZEROS)
    assert "meta" not in repr(KEYS)
    assert str(KEYS.master) not in repr(KEYS)


def test_two_cards_have_two_keys() -> None:
    assert KEYS.of_card("04A21B3C4D5E80") != KEYS.of_card("04A21B3C4D5E81")


def _flipped(digits: str, bit: int) -> str:
    data = bytearray.fromhex(digits)
    data[bit // 8] ^= 1 << bit % 8
    return data.hex()
