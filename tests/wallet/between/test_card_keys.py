"""Names of cards and wallets between two nodes: stable, apart from each other, sealed for one."""

from uuid import UUID

import pytest

from wallet.between.card_keys import (
    CHIP,
    MOST_SEALED,
    PRINTED,
    card_key,
    code_key,
    handle_for,
    open_tap,
    seal_tap,
    tap_key,
)
from wallet.between.messages import LONGEST

SECRET, OTHER = b"s" * 32, b"o" * 32
WALLET = UUID("0192f000-0000-7000-8000-000000000001")
UID = "04A1B2C3D4E5F6"


def test_names_never_change() -> None:
    """Peers keep them: what they were on the first day, they are for ever."""
    assert card_key(SECRET, UID) == "1213b692948dc42bb1103a963611acb0b59564a64bc0a840edb33344e1af0ef2"
    assert code_key(SECRET, "K7M29QXD") == "744d6333f9ccbbd785e64d53e48b12b2716f71fad731301be2f57efd0c7f142b"
    assert handle_for(SECRET, WALLET) == "h_hfB_cd3ed86oTslFCtL22B"


def test_kinds_and_pairs_never_meet() -> None:
    names = {card_key(SECRET, UID), code_key(SECRET, UID), card_key(OTHER, UID), code_key(OTHER, UID)}
    assert len(names) == 4
    assert card_key(SECRET, UID) == tap_key(SECRET, CHIP, UID)
    assert handle_for(SECRET, WALLET) != handle_for(OTHER, WALLET)


def test_a_sealed_tap_is_for_one_node_and_always_the_same() -> None:
    said = [(CHIP, UID), (PRINTED, "K7M29QXD")]
    sealed = seal_tap(SECRET, said)
    assert sealed == seal_tap(SECRET, said)
    assert open_tap(SECRET, sealed) == said
    assert UID not in sealed
    for wrong in (sealed[:-1], sealed + "A", sealed.replace(sealed[10], "_"), "tap_", "tap_!!", "tap_AAAA"):
        with pytest.raises(ValueError, match="no tap sealed for us"):
            open_tap(SECRET, wrong)
    with pytest.raises(ValueError, match="no tap sealed for us"):
        open_tap(OTHER, sealed)


def test_as_much_is_sealed_as_a_text_of_the_wire_holds() -> None:
    sealed = seal_tap(SECRET, [(CHIP, f"{number:014X}") for number in range(50)])
    assert len(sealed) <= LONGEST
    opened = open_tap(SECRET, sealed)
    assert opened[0] == (CHIP, f"{0:014X}")
    assert 1 < len(opened) <= MOST_SEALED // 20
