"""What one envelope can hold, and how bytes are written in it."""

from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from typing import Final

from wallet.between.strict import Malformed, NotHeard

MOST_BYTES: Final = 256 * 1024
MOST_ITEMS: Final = 512
ROOM: Final = MOST_BYTES - 4_096
"""Bytes for items; what is kept free is for addresses, key id, date, hash, signature."""
_BESIDE: Final = len('{"p":""},')


class TooLarge(NotHeard):
    name = "too_large"


class TooMany(NotHeard):
    name = "too_many"


def in_groups(items: Iterable[bytes]) -> Iterator[list[bytes]]:
    """`items` in order, in groups that one envelope holds. Raises TooLarge for one that none can hold."""
    group: list[bytes] = []
    left = ROOM
    for item in items:
        weight = weight_of(item)
        if group and (weight > left or len(group) == MOST_ITEMS):
            yield group
            group, left = [], ROOM
        if weight > left:
            raise TooLarge(f"an item of {len(item)} bytes")
        group.append(item)
        left -= weight
    if group:
        yield group


def fits(item: bytes) -> bool:
    """Whether an envelope can hold `item`."""
    return weight_of(item) <= ROOM


def weight_of(item: bytes) -> int:
    """Bytes that `item` takes in an envelope."""
    return _BESIDE + (4 * len(item) + 2) // 3


def refuse_size(body: bytes, most: int = MOST_BYTES) -> None:
    """Raises TooLarge."""
    if len(body) > most:
        raise TooLarge(f"{len(body)} bytes")


def refuse_crowd(count: int) -> None:
    """Raises TooMany."""
    if count > MOST_ITEMS:
        raise TooMany(f"{count} items")


def encode(data: bytes) -> str:
    """Base64url without padding (RFC 4648 §5)."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: object) -> bytes:
    """The bytes that `encode` wrote as `text`, and no other spelling of them. Raises Malformed."""
    if type(text) is not str:
        raise Malformed("base64url expected")
    try:
        data = b64decode(text.encode() + b"=" * (-len(text) % 4), b"-_", validate=True)
    except ValueError:
        raise Malformed("not base64url") from None
    if encode(data) != text:
        raise Malformed("another spelling of base64url")
    return data
