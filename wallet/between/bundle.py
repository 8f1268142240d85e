"""A bundle: what one node can prove about another, for anybody who has only public keys.

It holds the other node's own signed words, the lines between both, and the points that both agreed on. What
its maker says of itself counts for nothing here; the bundle of the other side shows that.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from msgspec import MsgspecError, Raw, Struct, json, structs

from wallet.between.envelope import Evidence, Verify, check, read_evidence
from wallet.between.lines import read_line
from wallet.between.messages import Ack, AnyMessage, Line, Lines, Point, Receipt, decode, digest
from wallet.between.shapes import GENESIS
from wallet.between.strict import Malformed, NotHeard, read_strict
from wallet.between.times import MINUTE

VERSION: Final = 1
MOST_DEPTH: Final = 24
LATER: Final = 5 * MINUTE
"""By how much a statement must be later than a receipt: two answers under way at once prove nothing."""
LineName = tuple[str, str, str, int, int]
"""Issuer, holder, asset, epoch, number."""


class Key(Struct, frozen=True, forbid_unknown_fields=True):
    """A public key (multibase) of `origin`; `published` is where anybody can read it again."""

    origin: str
    kid: str
    key: str
    published: str


class Agreed(Struct, frozen=True, forbid_unknown_fields=True):
    """A point that the other node signed (`theirs`), and what the maker says that it signed itself."""

    issuer: str
    holder: str
    asset: str
    epoch: int
    point: Point
    theirs: Raw
    ours: Raw


class Bundle(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The file. `sum`: SHA-256 of the same file with an empty one, against accidents."""

    v: int
    maker: str
    about: str
    made: int
    keys: tuple[Key, ...]
    evidence: tuple[Raw, ...]
    lines: tuple[Raw, ...]
    points: tuple[Agreed, ...]
    sum: str = ""


@dataclass(slots=True)
class Report:
    """What holds, the first thing that does not (""), and what is proven against somebody."""

    proved: list[str] = field(default_factory=list)
    broken: str = ""
    cheated: list[str] = field(default_factory=list)

    @property
    def is_fine(self) -> bool:
        """Nothing is broken and nobody is caught."""
        return not self.broken and not self.cheated


class Broken(Exception):
    """The first thing of a bundle that does not hold, as a sentence."""


@dataclass(slots=True)
class _Seen:
    """What was signed: lines by name with who shows them, heads, answers, questions."""

    lines: dict[LineName, dict[str, Line]] = field(default_factory=dict)
    points: dict[LineName, set[tuple[str, int]]] = field(default_factory=dict)
    heads: list[tuple[int, str, Lines]] = field(default_factory=list)
    receipts: dict[tuple[str, str, str, str], set[bytes]] = field(default_factory=dict)
    answers: list[tuple[int, str, str, Receipt]] = field(default_factory=list)
    items: set[tuple[str, bytes]] = field(default_factory=set)


def written(bundle: Bundle) -> bytes:
    """The exact bytes of the file, with its sum."""
    return json.encode(structs.replace(bundle, sum=digest(json.encode(structs.replace(bundle, sum="")))))


def read_bundle(body: bytes) -> Bundle:
    """A file as it was written, to the last byte. Raises Broken."""
    try:
        read_strict(body, most_depth=MOST_DEPTH)
        bundle = json.decode(body, type=Bundle)
    except (Malformed, MsgspecError, RecursionError) as error:
        raise Broken(f"The file is no bundle: {error}.") from error
    if bundle.v != VERSION:
        raise Broken(f"The file is of version {bundle.v}, which this program does not know.")
    if written(bundle) != body:
        raise Broken("The file is not the one that was written: its sum is another.")
    return bundle


def examine(bodies: Sequence[bytes], key_of: Callable[[str], Verify]) -> Report:
    """What these files prove together. `key_of` makes a verifier of a key's text; raises ValueError."""
    report, seen = Report(), _Seen()
    try:
        bundles = [read_bundle(body) for body in bodies]
        verify = _verifier(bundles, key_of)
        for bundle in bundles:
            _evidence(bundle, verify, seen, report)
        for bundle in bundles:
            report.proved += _lines(bundle, seen)
            report.proved += _points(bundle, seen)
    except Broken as trouble:
        report.broken = str(trouble)
    report.cheated = [*_two_lines(seen), *_two_answers(seen), *_denied(seen)]
    return report


def _verifier(bundles: Sequence[Bundle], key_of: Callable[[str], Verify]) -> Callable[[str], Verify]:
    """For an origin: only its own keys speak for it."""
    keys: dict[tuple[str, str], Verify] = {}
    for one in (key for bundle in bundles for key in bundle.keys):
        if not one.kid.startswith(f"{one.origin}/") or not one.published.startswith(f"{one.origin}/"):
            raise Broken(f"The key {one.kid} is not published at {one.origin}.")
        try:
            keys[one.origin, one.kid] = key_of(one.key)
        except ValueError as error:
            raise Broken(f"The key {one.kid} cannot be read.") from error

    def of(origin: str) -> Verify:
        def verify(kid: str, signed: bytes, sig: bytes) -> bool:
            found = keys.get((origin, kid))
            return found is not None and found(kid, signed, sig)

        return verify

    return of


def _evidence(bundle: Bundle, verify: Callable[[str], Verify], seen: _Seen, report: Report) -> None:
    for number, raw in enumerate(bundle.evidence, 1):
        try:
            shown = read_evidence(bytes(raw))
            check(shown, verify(shown.peer))
            message = decode(shown.item)
        except (NotHeard, MsgspecError, RecursionError) as error:
            raise Broken(f"Word {number} of {bundle.about} does not hold: {error}.") from error
        _note(shown, message, seen)
    count = len(bundle.evidence)
    report.proved.append(f"{bundle.about} signed {count} words to {bundle.maker}, by keys that it publishes.")


def _note(shown: Evidence, message: AnyMessage, seen: _Seen) -> None:
    peer, to = shown.peer, shown.to
    seen.items.add((peer, shown.item))
    if isinstance(message, Receipt):
        answer = (peer, to, message.verb, f"{message.id} {message.req}")
        if message.outcome not in {"conflict", "recovering"}:  # the only ones that are written anew
            seen.receipts.setdefault(answer, set()).add(shown.item)
        seen.answers.append((shown.at, peer, to, message))
        _note_line(peer, message.line, seen)
    elif isinstance(message, Lines):
        seen.heads.append((shown.at, to, message))
        if message.head.seq:
            _note_point((peer, to, message.asset, message.epoch, message.head.seq), message.head, seen)
        for raw in message.lines:
            _note_line(peer, raw, seen)
    elif isinstance(message, Ack) and message.by == "issuer":
        _note_point((peer, to, message.asset, message.epoch, message.point.seq), message.point, seen)


def _note_line(peer: str, raw: Raw, seen: _Seen) -> None:
    line = read_line(raw) if raw else None
    if line is not None and line.issuer == peer:
        seen.lines.setdefault(_name(line), {})[digest(bytes(raw))] = line


def _note_point(name: LineName, point: Point, seen: _Seen) -> None:
    seen.points.setdefault(name, set()).add((point.hash, point.balance))


def _lines(bundle: Bundle, seen: _Seen) -> Iterator[str]:
    """Each chain from its first line on; how far the issuer's own signature reaches."""
    chains: dict[tuple[str, str, str], list[tuple[Line, str]]] = {}
    for number, raw in enumerate(bundle.lines, 1):
        line = read_line(raw)
        if line is None or {line.issuer, line.holder} != {bundle.maker, bundle.about}:
            raise Broken(f"Line {number} is no line between {bundle.maker} and {bundle.about}.")
        chains.setdefault((line.issuer, line.holder, line.asset), []).append((line, digest(bytes(raw))))
    for chain in chains.values():
        yield _chain(chain, bundle.maker, seen)


def _chain(chain: list[tuple[Line, str]], maker: str, seen: _Seen) -> str:
    seq, prev, balance, proven = 0, GENESIS, 0, 0
    for line, link in chain:
        if (line.seq, line.prev, line.balance) != (seq + 1, prev, balance + line.delta):
            raise Broken(f"Line {line.seq} of {line.asset} does not follow the line before it.")
        seq, prev, balance = line.seq, link, line.balance
        name = _name(line)
        if link in seen.lines.get(name, {}) or (link, balance) in seen.points.get(name, set()):
            proven = seq
    last = chain[-1][0]
    told = f"{last.issuer} owes {last.holder} {balance} of {last.asset} after {seq} lines"
    if last.issuer == maker:
        return f"The maker says that {told}; the other side's bundle shows who signed it."
    if proven < seq:
        raise Broken(f"Line {proven + 1} of {last.asset} and what follows was never signed by {last.issuer}.")
    return f"{told}: each line follows the one before, and {last.issuer} signed the last."


def _points(bundle: Bundle, seen: _Seen) -> Iterator[str]:
    """The points in the maker's books, each with the other side's signature."""
    ours = {_name(line): digest(bytes(raw)) for raw in bundle.lines if (line := read_line(raw))}
    for one in bundle.points:
        where = f"the point {one.point.seq} of {one.asset}"
        theirs, mine = _ack(bytes(one.theirs)), _ack(bytes(one.ours))
        said = (one.asset, one.epoch, one.point)
        if any(ack is None or (ack.asset, ack.epoch, ack.point) != said for ack in (theirs, mine)):
            raise Broken(f"At {where} both do not say the same.")
        if (bundle.about, bytes(one.theirs)) not in seen.items:
            raise Broken(f"{bundle.about} never signed {where}.")
        if ours.get((one.issuer, one.holder, one.asset, one.epoch, one.point.seq)) != one.point.hash:
            raise Broken(f"The line at {where} is another one.")
        is_both = any((bundle.maker, item) in seen.items for item in _as_said_by(one, bundle.maker))
        yield f"At {where} the balance is {one.point.balance}, signed by " + (
            "both." if is_both else f"{bundle.about}; the signature of {bundle.maker} is in the other bundle."
        )


def _as_said_by(one: Agreed, maker: str) -> Iterator[bytes]:
    """What the maker wrote about this point: as the holder, or as the issuer."""
    for raw in (one.ours, one.theirs):
        ack = _ack(bytes(raw))
        if ack is not None:
            yield json.encode(structs.replace(ack, by="issuer" if maker == one.issuer else "holder"))


def _ack(body: bytes) -> Ack | None:
    try:
        message = decode(body)
    except MsgspecError:
        return None
    return message if isinstance(message, Ack) else None


def _two_lines(seen: _Seen) -> Iterator[str]:
    for name, shown in seen.lines.items():
        said = set(shown) | {link for link, _ in seen.points.get(name, set())}
        if len(said) > 1:
            yield f"{name[0]} signed {len(said)} different lines under number {name[4]} of {name[2]}."


def _two_answers(seen: _Seen) -> Iterator[str]:
    for (peer, _, verb, which), bodies in seen.receipts.items():
        if len(bodies) > 1:
            yield f"{peer} signed {len(bodies)} different answers to one {verb}, {which.split()[0]}."


def _denied(seen: _Seen) -> Iterator[str]:
    """A yes without its line, or one whose line a later statement no longer has."""
    for at, peer, to, receipt in seen.answers:
        if receipt.outcome != "posted" or receipt.verb in {"cancel", "release"}:
            continue
        line = read_line(receipt.line) if receipt.line else None
        if line is None:
            yield f"{peer} signed that it paid {receipt.amount} for {receipt.id}, and wrote no line of it."
            continue
        for later, holder, said in seen.heads:
            is_after = (
                later > at + LATER and holder == to and (said.asset, said.epoch) == (line.asset, line.epoch)
            )
            if is_after and said.head.seq < line.seq:
                yield (
                    f"{peer} signed line {line.seq} of {line.asset} for {receipt.id}, and later that its "
                    f"lines end at {said.head.seq}."
                )


def _name(line: Line) -> LineName:
    return line.issuer, line.holder, line.asset, line.epoch, line.seq
