"""RFC 8785 (JCS): the author's own test data, through our guard and our writer."""

import hashlib
import struct
from typing import Any

import pytest

from federation.jcs import canonical
from federation.json_guard import read_json
from federation.refusals import MessageRefused
from tests.vectors.folder import FOLDER, load

JCS = load("rfc8785-jcs.json")
NUMBERS = JCS["es6_numbers_file"]


@pytest.mark.parametrize("case", JCS["cases"], ids=lambda case: case["name"])
def test_canonical_bytes(case: dict[str, Any]) -> None:
    assert canonical(read_json(case["input_text"].encode())).hex() == case["canonical_hex"]


@pytest.mark.parametrize("case", JCS["rejects"], ids=lambda case: case["why"])
def test_refused(case: dict[str, Any]) -> None:
    with pytest.raises(MessageRefused):
        read_json(case["json_text"].encode())


def test_ten_thousand_numbers() -> None:
    raw = (FOLDER / NUMBERS["file"]).read_bytes()
    assert hashlib.sha256(raw).hexdigest() == NUMBERS["sha256_published"]
    lines = raw.decode().splitlines()
    assert len(lines) == NUMBERS["lines"]
    for line in lines:
        bits, expected = line.split(",")
        number = struct.unpack(">d", bytes.fromhex(bits.zfill(16)))[0]
        assert canonical(number).decode() == expected
