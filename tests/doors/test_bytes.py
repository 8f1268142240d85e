"""Bad bytes at every door: each gives a named 4xx, never a 5xx, and a refusal changes no row."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest

from kit.features import fold
from kit.web import Door
from node import openapi
from node.features import FEATURES
from tests.doors.knocking import Node, named

DOORS = {door.name: door for door in fold(FEATURES).doors.values()}
WRITING = sorted(name for name, door in DOORS.items() if door.method not in {"GET", "HEAD"})
READING = sorted(name for name, door in DOORS.items() if door.method == "GET")
ENDING = {"people.sign_out", "people.erase_me", "people.end_others", "node.turn_off"}
"""Doors after which the same browser would see nothing else: each is knocked at alone."""
FORM = "application/x-www-form-urlencoded"
SIDE = "----side"
MULTIPART = f"multipart/form-data; boundary={SIDE}"


@dataclass(frozen=True)
class Thrown:
    """One bad body."""

    what: str
    kind: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


def part(name: str, value: bytes, more: str = "") -> bytes:
    head = f'--{SIDE}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'
    return head.encode() + value + b"\r\n"


def closed(*parts: bytes) -> bytes:
    return b"".join(parts) + f"--{SIDE}--\r\n".encode()


NAMES = (
    b"name",
    b"email",
    b"code",
    b"back",
    b"choice",
    b"start_day",
    b"description",
    b"accent",
    b"note",
    b"q",
)


def every_field(value: bytes) -> bytes:
    return b"&".join(name + b"=" + value for name in NAMES)


BODIES = (
    Thrown("nothing", "application/json", b""),
    Thrown("no type", "", b"{}"),
    Thrown("a type nobody speaks", "application/x-forbidden", b"\x00\x01"),
    Thrown("half a JSON", "application/json", b'{"name": "'),
    Thrown("JSON that is a list", "application/json", b"[]"),
    Thrown("JSON that is a number", "application/json", b"1e999"),
    Thrown("deep JSON", "application/json", b"[" * 50_000),
    Thrown("deep JSON in a field", "application/json", b'{"name":' * 5_000 + b"1" + b"}" * 5_000),
    Thrown("a lone surrogate", "application/json", b'{"name": "\\ud800", "start": "2027-03-04T18:00:00Z"}'),
    Thrown("a zero byte", "application/json", b'{"name": "a\\u0000b", "start": "2027-03-04T18:00:00Z"}'),
    Thrown("bad UTF-8", "application/json", b'{"name": "\xff\xfe"}'),
    Thrown("a number too large", "application/json", b'{"name": "a", "capacity": 99999999999999999999}'),
    Thrown("a year too far", "application/json", b'{"name": "Soupe", "start": "9999-12-31T23:59:59-12:00"}'),
    Thrown("twice the same field", "application/json", b'{"name": "a", "name": "b"}'),
    Thrown("a form of zero bytes", FORM, every_field(b"%00")),
    Thrown("a form of bad UTF-8", FORM, every_field(b"%ff%fe")),
    Thrown("a form of surrogates", FORM, every_field(b"%ED%A0%80")),
    Thrown("a form with twice each field", FORM, every_field(b"a") + b"&" + every_field(b"b")),
    Thrown("a form of thousands of fields", FORM, b"a=1&" * 3_000),
    Thrown("a form of long words", FORM, every_field(b"x" * 20_000)),
    Thrown("a form that is not one", FORM, b"%%%=&&;;"),
    Thrown("parts without an end", MULTIPART, part("name", b"a")),
    Thrown("parts without a boundary", "multipart/form-data", b"x"),
    Thrown(
        "parts of bad headers", MULTIPART, f"--{SIDE}\r\nX\xff: \r\n\r\na\r\n--{SIDE}--".encode("latin-1")
    ),
    Thrown("thousands of parts", MULTIPART, closed(*[part("a", b"1")] * 2_000)),
    Thrown("a picture that is not one", MULTIPART, closed(part("logo", b"GIF89a", '; filename="a.gif"'))),
    Thrown("a field sent as a file", MULTIPART, closed(part("name", b"a", '; filename="../../x"'))),
    Thrown(
        "parts in an odd alphabet",
        MULTIPART + "; charset=unicode_escape",
        closed(part("name", b"\\ud800"), part("email", b"\\ud800@example.org"), part("note", b"\\ud800")),
    ),
    Thrown("a length that lies", "application/json", b"{}", {"content-encoding": "gzip"}),
)


def addresses(door: Door, node: Node) -> Iterator[str]:
    """The door's address with something that exists, and with things that do not."""
    holes = {part: _values(node, part, kind) for part, kind in _holes(door)}
    for number in range(max((len(values) for values in holes.values()), default=1)):
        yield node.app.url(
            door.name, **{part: values[number % len(values)] for part, values in holes.items()}
        )


def _values(node: Node, part: str, kind: str) -> list[str]:
    if kind.endswith("int"):
        return ["1"]
    return node.known.get(part) or node.known["id" if kind else "slug"]


def _holes(door: Door) -> list[tuple[str, str]]:
    return [(name, kind) for name, kind in openapi.PLACE.findall(door.path)]


def groups(names: list[str], size: int = 12) -> list[Any]:
    """Doors that share a node in one test; making a node costs more than knocking."""
    together = [name for name in names if name not in ENDING]
    parts = [together[start : start + size] for start in range(0, len(together), size)]
    parts += [[name] for name in names if name in ENDING]
    return [pytest.param(part, id=" to ".join(dict.fromkeys((part[0], part[-1])))) for part in parts]


LET_THROUGH = {
    "nothing",
    "a lone surrogate",
    "a zero byte",
    "a number too large",
    "a year too far",
    "twice the same field",
    "a form of zero bytes",
    "a form of surrogates",
    "a form with twice each field",
    "a form of long words",
    "a field sent as a file",
    "parts in an odd alphabet",
}
"""Bodies that can be read, so that a database may see what they say. The others meet none: once is enough."""


@pytest.mark.parametrize("names", groups(WRITING))
def test_bad_bytes(node: Node, names: list[str], dialect: str) -> None:
    bodies = [thrown for thrown in BODIES if dialect == "sqlite" or thrown.what in LET_THROUGH]
    for name in names:
        _throw_everything(node, DOORS[name], bodies)


def test_what_is_let_through_is_thrown() -> None:
    assert {thrown.what for thrown in BODIES} > LET_THROUGH


def _throw_everything(node: Node, door: Door, bodies: list[Thrown]) -> None:
    address = next(addresses(door, node))
    before = node.rows()
    for thrown in bodies:
        is_refused = _is_refused(node, door, address, thrown)
        after = node.rows()
        assert not is_refused or after == before, (
            f"{door.method} {address}: a refusal changed rows: {thrown.what}"
        )
        before = after


def _is_refused(node: Node, door: Door, address: str, thrown: Thrown) -> bool:
    headers = {**node.headers_for(door), **thrown.headers}
    if thrown.kind:
        headers["content-type"] = thrown.kind
    answer = node.browser_for(door).request(door.method, address, content=thrown.body, headers=headers)
    assert answer.status_code < 500, f"{door.method} {address}: {thrown.what}: {answer.status_code}"
    if answer.status_code >= 400:
        _must_be_named(door, answer)
    return answer.status_code >= 400


def _must_be_named(door: Door, answer: Any) -> None:
    if door.kind in {"api", "protocol"}:
        named(answer)
    else:
        assert "<h1" in answer.text


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@pytest.mark.parametrize("names", groups(WRITING, 24))
def test_a_body_above_the_cap_is_too_large(node: Node, names: list[str]) -> None:
    for name in names:
        _throw_too_much(node, DOORS[name])


def _throw_too_much(node: Node, door: Door) -> None:
    address = next(addresses(door, node))
    before = node.rows()
    for kind in ("application/json", FORM):
        headers = {**node.headers_for(door), "content-type": kind}
        body = b"[" + b" " * door.max_body
        answer = node.browser_for(door).request(door.method, address, content=body, headers=headers)
        assert answer.status_code in {403, 404, 413}, answer.text[:300]
        assert answer.status_code == 413 or door.kind == "protocol"
    assert node.rows() == before


ODD = (
    "%00",
    "a%00b",
    "%ED%A0%80",
    "%ff%fe",
    "%F0%9F%90%8C",
    "..%2f..%2fetc%2fpasswd",
    "x" * 3_000,
    "'; DROP TABLE person; --",
    "-1",
    "99999999999999999999999",
    "1e400",
    "NaN",
    "9999-12-31",
    "0001-01-01",
    "2027-02-30",
    "true",
)
QUESTIONS = (
    "q",
    "from",
    "to",
    "tag",
    "place",
    "node",
    "page",
    "cursor",
    "limit",
    "free",
    "accent",
    "who",
    "kind",
)


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@pytest.mark.parametrize("names", groups(READING, 24))
def test_odd_questions(node: Node, names: list[str]) -> None:
    for name in names:
        _ask_oddly(node, DOORS[name])


def _ask_oddly(node: Node, door: Door) -> None:
    """Everything oddly at once; then alone what the door asks for, and together what it does not."""
    own = {field.encode_name for field in _fields(door)}
    others = set(QUESTIONS) - own
    address = next(addresses(door, node))
    for value in ODD:
        query = "&".join(f"{question}={value}" for question in sorted(own | others))
        _look(node, door, f"{address}?{query}")
    for together in [*({question} for question in sorted(own)), others]:
        query = "&".join(f"{question}=%00&{question}=-1" for question in sorted(together))
        _look(node, door, f"{address}?{query}")


def _fields(door: Door) -> Any:
    return msgspec.structs.fields(door.query) if door.query else ()


def _look(node: Node, door: Door, address: str, **headers: str) -> None:
    answer = node.browser_for(door).get(address, headers={**node.headers_for(door), **headers})
    is_ready = answer.status_code < 500 or door.name == "node.ready"  # 503 is what it says when nothing ticks
    assert is_ready, f"{address[:200]}: {answer.status_code}"


@pytest.mark.parametrize("names", groups([name for name in READING + WRITING if "{" in DOORS[name].path], 24))
def test_odd_addresses(node: Node, names: list[str]) -> None:
    for name in names:
        _go_oddly(node, DOORS[name])


def _go_oddly(node: Node, door: Door) -> None:
    pieces = door.path.split("/")
    for value in ODD:
        address = "/".join(_odd(piece, value) for piece in pieces)
        browser = node.browser_for(door)
        answer = browser.request(door.method, address, headers=node.headers_for(door))
        assert answer.status_code < 500, f"{address[:200]}: {answer.status_code}"


def _odd(piece: str, value: str) -> str:
    before, _, rest = piece.partition("{")
    return before + value + rest.partition("}")[2] if rest else piece


HEADERS = {
    "accept-language": ["", "x" * 5_000, "fr;q=a, *;q=9", ";;,,;q=", "\xff"],
    "cookie": [
        "language=\xff",
        "hameau-8199=;;",
        "notice=abc",
        "notice=e30.e30",
        "theme=\"'><script>",
        "x" * 9_000,
    ],
    "authorization": ["", "Bearer", "Bearer \xff", "Bearer " + "x" * 9_000, "Basic YTpi", "Bearer hameau_"],
    "if-none-match": ["\xff", "*", '"', "W/"],
    "if-modified-since": ["yesterday", "\xff"],
    "range": ["bytes=-1", "bytes=9-1", "x"],
    "accept": ["\xff", "application/activity+json;q=x", "*/*;;"],
    "signature": ["\xff", "sig1=::", 'keyId="x"'],
    "signature-input": ["sig1=()", "\xff"],
    "host": ["", "evil.example", "127.0.0.1:8199:9"],
}


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@pytest.mark.parametrize("header", sorted(HEADERS))
def test_odd_headers(node: Node, header: str) -> None:
    for name in (
        "node.home",
        "agenda.list",
        "node.theme_css",
        "api.events",
        "api.me",
        "people.my",
        "federation.actor",
    ):
        for value in HEADERS[header]:
            door = DOORS[name]
            sent = {header.encode(): value.encode("latin-1")}
            answer = node.stranger.get(next(addresses(door, node)), headers=sent)
            assert answer.status_code < 500, f"{name} {header}: {value[:60]!r}"
