"""The secret of a pair: the same on both sides, another for each pair, none without a usable key."""

import pytest

from federation.multikey import encode_multibase
from federation.peering.pairs import pair_secret
from federation.peering.terms import X25519_PREFIX, pair_key
from federation.standing import Standing
from kit.ports import NoPair

CAFE, FARM, MILL = (
    Standing(f"https://{name}.example/actor", secret=name.encode() * 8) for name in ("cafe", "farm", "mill")
)


def shared(one: Standing, other: Standing) -> bytes:
    return pair_secret(one, other.url, pair_key(other.secret, one.url))


def test_both_sides_work_out_the_same_secret() -> None:
    assert shared(CAFE, FARM) == shared(FARM, CAFE)
    assert len(shared(CAFE, FARM)) == 32


def test_each_pair_has_its_own() -> None:
    secrets = {shared(CAFE, FARM), shared(CAFE, MILL), shared(FARM, MILL)}
    assert len(secrets) == 3


def test_it_changes_with_the_secret_key_of_either_side() -> None:
    renewed = Standing(FARM.actor, secret=b"another" * 8)
    assert shared(CAFE, renewed) == shared(renewed, CAFE) != shared(CAFE, FARM)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "not a key",
        "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
        encode_multibase(X25519_PREFIX + bytes(31)),
        encode_multibase(X25519_PREFIX + bytes(32)),
    ],
    ids=["none", "no base58", "of signing", "too short", "of small order"],
)
def test_a_key_that_cannot_be_used_shares_nothing(key: str) -> None:
    with pytest.raises(NoPair):
        pair_secret(CAFE, FARM.url, key)
