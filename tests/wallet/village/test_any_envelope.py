"""Whatever a peer posts, it is heard whole or refused by name: never a fault, never a part."""

import json
import random
from typing import Any

import pytest

from tests.federation.running import Running
from tests.wallet.village.talking import Talk, Talker

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)

NAMED = {"malformed", "unsupported_version", "not_for_us", "stale", "other_hash", "unknown_key"} | {
    "bad_signature",
    "other_actor",
    "too_many",
    "too_large",
}
NASTY: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    2**53,
    "",
    "\ud83d\ude00",
    "x" * 5000,
    [],
    {},
    [[]],
    {"p": 1},
    1.5,
    "https://a\nb",
)


def spoilt(chance: random.Random, letter: bytes) -> bytes:
    """The letter with one thing wrong: a byte, a piece, or a value."""
    kind = chance.randrange(3)
    place = chance.randrange(len(letter))
    if kind == 0:
        return letter[:place] + bytes([chance.randrange(256)]) + letter[place + 1 :]
    if kind == 1:
        return letter[:place] + letter[chance.randrange(len(letter)) :]
    data = json.loads(letter)
    data[chance.choice([*data, "more"])] = chance.choice(NASTY)
    return json.dumps(data).encode()


def test_anything_is_heard_whole_or_refused_by_name(here: Running, peer: Talker, talk: Talk) -> None:
    chance = random.Random(20)  # noqa: S311 - a test that is the same every time
    letter = peer.letter(here.url, b"one", b"another")
    for _ in range(250):
        body = spoilt(chance, letter)
        heard = len(talk.engine.heard)
        status, name = here.send(peer.posting(here, body))
        assert status in (200, 400, 401, 413), (status, body)
        assert (name in NAMED) is (status != 200), (name, body)
        assert len(talk.engine.heard) == heard + (status == 200)
    assert all(said.items == (b"one", b"another") for said in talk.engine.heard)
