"""The card that tests hold to a reader hears what a chip hears: repeats, new polls, what it does not know."""

import random

from tests.pos_api.reader.tag import Card, frame_of

UID = bytes.fromhex("04A1B2C3D4E581")
PROVING = "https://bar.example/?picc_data=00&cmac=11"
CHOOSE = ("26", "9320", "93708804A1B29F", "9520", "9570C3D4E58173")
CHOSEN = ["4403", "8804A1B29F", "24", "C3D4E58173", "20"]
APPLICATION = "00A4040007D276000085010100"


def heard(card: Card, *frames: str) -> list[str | None]:
    answers = (card.hear(bytes.fromhex(frame)) for frame in frames)
    return [None if answer is None else answer.hex().upper() for answer in answers]


def test_a_block_that_was_missed_is_said_again_and_is_not_carried_out_twice() -> None:
    card = Card(UID, PROVING)
    assert heard(card, *CHOOSE, "E080") == [*CHOSEN, "057880A002"]
    # Rule 12: it has said nothing of that number yet.
    assert heard(card, "B2") == ["A3"]
    assert heard(card, "02" + APPLICATION, "B2", "B2") == ["029000"] * 3
    assert heard(card, "B3", "0300A4000C02E103", "B3", "B2") == ["A2", "039000", "039000", "A3"]
    assert heard(card, "0200B0000002", "A2") == ["02000F9000"] * 2


def test_it_begins_anew_with_each_poll_and_is_silent_when_it_is_not_meant() -> None:
    card = Card(UID, PROVING)
    assert heard(card, "3000", "B2", "9320", "E080") == [None] * 4
    assert heard(card, *CHOOSE, "E080", "02" + APPLICATION, "26", "9320") == [
        *CHOSEN, "057880A002", "029000", "4403", "8804A1B29F",
    ]  # fmt: skip
    assert heard(card, "93708804A1B200", "93708804A1B29F") == [None, None]
    assert heard(card, *CHOOSE, "E080", "C2", "B2", "52") == [*CHOSEN, "057880A002", "C2", None, "4403"]
    assert card.hear(frame_of(b"RFOFF")) is None
    assert heard(card, *CHOOSE, "C2") == [*CHOSEN, "C2"]


def test_nothing_that_it_hears_ends_it() -> None:
    chance = random.Random(7)  # noqa: S311 - no secret here
    said = (b"", b"106A", b"106A ", b"106A 2", b"106A \xff", b"212F 26", b"RFOFF 26", b"\0 \0")
    for address in ("", PROVING):
        card = Card(UID, address)
        for _ in range(300):
            heard(card, *CHOOSE, *(chance.randbytes(chance.randrange(9)).hex() for _ in range(6)))
            card.hear(frame_of(chance.choice(said)))
