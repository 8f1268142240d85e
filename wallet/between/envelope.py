"""One sealed envelope between two nodes: exact bytes of each item, signed as they are (ledger.md §3.2).

The signature covers the hashes of the items, so that one item, beside the hashes of the others, can be shown
alone to anybody: `Evidence`. A repeat is harmless by the ids inside the items, not by anything here.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from json import dumps
from typing import Any, Final

from wallet.between.packing import MOST_BYTES, MOST_ITEMS, decode, encode, refuse_crowd, refuse_size
from wallet.between.strict import LARGEST, Malformed, NotHeard, read_strict
from wallet.between.times import CLOCK

VERSION: Final = 1
MOST_SHOWN: Final = MOST_BYTES + 70 * MOST_ITEMS
"""Bytes of evidence: an item, and the hash of each of the others in hex."""
DOMAIN: Final = f"hameau envelope {VERSION}".encode()
"""What an Ed25519 key signs here is never something else that the same key signs."""

Sign = Callable[[bytes], bytes]
Verify = Callable[[str, bytes, bytes], bool]
"""Given key id, signed bytes, signature: whether it is right. Raises UnknownKey for a key nobody knows."""

_FIELDS: Final = frozenset({"v", "from", "to", "kid", "at", "items", "root", "sig"})
_SHOWN: Final = frozenset({"v", "from", "to", "kid", "at", "p", "hashes", "root", "sig"})
_ORIGIN: Final = re.compile(r"https?://[a-z0-9._:\[\]-]{1,255}")
_KID: Final = re.compile(r"[!-~]{1,2048}")
_HASH: Final = re.compile(r"[0-9a-f]{64}")


class BadSignature(NotHeard):
    name = "bad_signature"


class UnknownKey(NotHeard):
    """No key of that id is known for that peer, or it is no longer trusted."""

    name = "unknown_key"


class NotForUs(NotHeard):
    name = "not_for_us"


class Stale(NotHeard):
    """Dated more than a day from now."""

    name = "stale"


class UnsupportedVersion(NotHeard):
    name = "unsupported_version"


class OtherHash(NotHeard):
    """The root is not that of the items, or the item shown is not among the hashes."""

    name = "other_hash"


@dataclass(frozen=True, slots=True)
class Said:
    """A verified envelope: `peer` wrote these very bytes to `to`. Only `open_envelope` makes one in a node.

    `peer` and `to` are origins, `at` milliseconds by the peer's clock, `hashes` the SHA-256 of each item,
    `root` (hex) that of all hashes together.
    """

    peer: str
    to: str
    kid: str
    at: int
    items: tuple[bytes, ...]
    hashes: tuple[bytes, ...]
    root: str
    sig: bytes


@dataclass(frozen=True, slots=True)
class Evidence:
    """One item of an envelope with all that proves who wrote it, for `check`; the other items stay unseen."""

    peer: str
    to: str
    kid: str
    at: int
    item: bytes
    hashes: tuple[bytes, ...]
    root: str
    sig: bytes

    def to_json(self) -> bytes:
        """Always the same bytes for the same evidence."""
        return _written(
            {
                "v": VERSION,
                "from": self.peer,
                "to": self.to,
                "kid": self.kid,
                "at": self.at,
                "p": encode(self.item),
                "hashes": [digest.hex() for digest in self.hashes],
                "root": self.root,
                "sig": encode(self.sig),
            }
        )


def seal(items: Sequence[bytes], sender: str, to: str, *, kid: str, at: int, sign: Sign) -> bytes:
    """The body that carries `items` from `sender` to `to` (origins), signed; `at` in milliseconds.

    Raises TooLarge or TooMany: `packing.in_groups` makes groups that fit.
    """
    refuse_crowd(len(items))
    root = root_of(tuple(sha256(item).digest() for item in items))
    body = _written(
        {
            "v": VERSION,
            "from": sender,
            "to": to,
            "kid": kid,
            "at": at,
            "items": [{"p": encode(item)} for item in items],
            "root": root,
            "sig": encode(sign(_signed(root, sender, to, at))),
        }
    )
    refuse_size(body)
    return body


def open_envelope(body: bytes, me: str, now_ms: int, verify: Verify) -> Said:
    """What a peer said to us, the node whose origin is `me`.

    Raises NotHeard: TooLarge, Malformed, UnsupportedVersion, NotForUs, Stale, TooMany, OtherHash, UnknownKey,
    BadSignature; the signature is checked last, when nothing cheaper speaks against the envelope.
    """
    refuse_size(body)
    data = _fields(read_strict(body), _FIELDS)
    sender, to, kid, at = _addressed(data)
    if to != me:
        raise NotForUs(f"for {to}")
    if abs(now_ms - at) > CLOCK:
        raise Stale(f"dated {at}")
    items = tuple(_items(data["items"]))
    hashes = tuple(sha256(item).digest() for item in items)
    root, sig = _sealed(data, hashes)
    _refuse_forged(verify, kid, _signed(root, sender, to, at), sig)
    return Said(sender, to, kid, at, items, hashes, root, sig)


def evidence_of(said: Said, position: int) -> Evidence:
    """The item at `position` of `said`, alone. Raises IndexError."""
    item = said.items[position]
    return Evidence(said.peer, said.to, said.kid, said.at, item, said.hashes, said.root, said.sig)


def read_evidence(body: bytes) -> Evidence:
    """Evidence from its JSON, whole but not yet checked. Raises Malformed, TooLarge, TooMany."""
    refuse_size(body, MOST_SHOWN)
    data = _fields(read_strict(body), _SHOWN)
    sender, to, kid, at = _addressed(data)
    hashes = tuple(_hash(text) for text in _listed(data["hashes"]))
    _hash(data["root"])
    return Evidence(sender, to, kid, at, decode(data["p"]), hashes, data["root"], decode(data["sig"]))


def check(evidence: Evidence, verify: Verify) -> None:
    """Return when the peer named wrote that item to the node named.

    Raises OtherHash, UnknownKey, BadSignature. Dates are not looked at: evidence is shown years
    later, under the key of that time.
    """
    if sha256(evidence.item).digest() not in evidence.hashes or evidence.root != root_of(evidence.hashes):
        raise OtherHash("the item is not of that envelope")
    signed = _signed(evidence.root, evidence.peer, evidence.to, evidence.at)
    _refuse_forged(verify, evidence.kid, signed, evidence.sig)


def root_of(hashes: Iterable[bytes]) -> str:
    """Hex SHA-256 over the hashes of the items, one after the other."""
    return sha256(b"".join(hashes)).hexdigest()


def _written(data: Mapping[str, Any]) -> bytes:
    return dumps(data, separators=(",", ":")).encode()


def _signed(root: str, sender: str, to: str, at: int) -> bytes:
    return b"\n".join((DOMAIN, root.encode(), sender.encode(), to.encode(), str(at).encode()))


def _fields(data: dict[str, Any], expected: frozenset[str]) -> dict[str, Any]:
    """Exactly the fields of our version: another version may have others, so it is looked at first."""
    if type(data.get("v")) is not int:
        raise Malformed("no version")
    if data["v"] != VERSION:
        raise UnsupportedVersion(f"version {data['v']}")
    if data.keys() != expected:
        raise Malformed("other fields")
    return data


def _addressed(data: Mapping[str, Any]) -> tuple[str, str, str, int]:
    sender, to, kid, at = data["from"], data["to"], data["kid"], data["at"]
    if not (_is(_ORIGIN, sender) and _is(_ORIGIN, to) and _is(_KID, kid)):
        raise Malformed("from, to or kid")
    if type(at) is not int or not 0 <= at <= LARGEST:
        raise Malformed("at")
    return sender, to, kid, at


def _is(shape: re.Pattern[str], value: object) -> bool:
    return type(value) is str and shape.fullmatch(value) is not None


def _items(listed: object) -> Iterator[bytes]:
    for entry in _listed(listed):
        if type(entry) is not dict or entry.keys() != {"p"}:
            raise Malformed("an item")
        yield decode(entry["p"])


def _listed(value: object) -> list[Any]:
    if type(value) is not list:
        raise Malformed("a list expected")
    refuse_crowd(len(value))
    return value


def _hash(text: object) -> bytes:
    if not _is(_HASH, text):
        raise Malformed("a hash")
    return bytes.fromhex(str(text))


def _sealed(data: Mapping[str, Any], hashes: tuple[bytes, ...]) -> tuple[str, bytes]:
    root = root_of(hashes)
    if data["root"] != root:
        raise OtherHash("root")
    return root, decode(data["sig"])


def _refuse_forged(verify: Verify, kid: str, signed: bytes, sig: bytes) -> None:
    if len(sig) != 64 or not verify(kid, signed, sig):
        raise BadSignature(f"by {kid}")
