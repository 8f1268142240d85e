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
Linked = tuple[Line, str]
"""A line and SHA-256 of its bytes."""


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
    """What holds, the first contradiction (""), what the file lacks, and what is proven against somebody.

    `unsigned`: lines that no signed word of the file covers.
    """

    proved: list[str] = field(default_factory=list)
    broken: str = ""
    missing: list[str] = field(default_factory=list)
    unsigned: set[LineName] = field(default_factory=set)
    cheated: list[str] = field(default_factory=list)

    @property
    def is_fine(self) -> bool:
        """Nothing is broken, nothing that it says lacks its proof, and nobody is caught."""
        return not (self.broken or self.missing or self.cheated)


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
            _lines(bundle, seen, report)
            report.proved += _points(bundle, seen, report)
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


def _lines(bundle: Bundle, seen: _Seen, report: Report) -> None:
    """Each chain from its first line on; how far the issuer's own signature reaches."""
    chains: dict[tuple[str, str, str], list[Linked]] = {}
    for number, raw in enumerate(bundle.lines, 1):
        line = read_line(raw)
        if line is None or {line.issuer, line.holder} != {bundle.maker, bundle.about}:
            raise Broken(f"Line {number} is no line between {bundle.maker} and {bundle.about}.")
        chains.setdefault((line.issuer, line.holder, line.asset), []).append((line, digest(bytes(raw))))
    for chain in chains.values():
        report.proved.append(_chain(chain, bundle.maker, seen, report))


def _chain(chain: list[Linked], maker: str, seen: _Seen, report: Report) -> str:
    """What is owed after these lines; a number that is not there is missing, and contradicts nothing."""
    (last, _), runs = chain[-1], list(_runs(chain))
    end = 0
    for run in runs:
        if run[0][0].seq > end + 1:
            report.missing.append(f"the file lacks {numbers(end + 1, run[0][0].seq - 1)} of {last.asset}.")
        end = run[-1][0].seq
    told = f"{last.issuer} owes {last.holder} {last.balance} of {last.asset} after {last.seq} lines"
    if last.issuer == maker:
        return f"The maker says that {told}; the other side's bundle shows who signed it."
    signed = [_is_signed(run, seen, report) for run in runs]
    if not signed[-1]:
        return f"The maker says that {told}."
    if len(runs) == 1 and chain[0][0].seq == 1:
        told = f"{told}: each line follows the one before"
    return f"{told}. {last.issuer} signed the last in this file; what came later cannot be seen here."


def _runs(chain: list[Linked]) -> Iterator[list[Linked]]:
    """Lines whose numbers follow each other. Raises Broken where the lines that are there contradict."""
    run: list[Linked] = []
    seq, prev, balance = 0, GENESIS, 0
    for line, link in chain:
        is_next = line.seq == seq + 1
        is_linked = line.prev == prev
        if line.seq <= seq or is_next != is_linked or (is_next and line.balance != balance + line.delta):
            raise Broken(f"Line {line.seq} of {line.asset} does not follow the line before it.")
        if run and not is_next:
            yield run
            run = []
        run.append((line, link))
        seq, prev, balance = line.seq, link, line.balance
    yield run


def _is_signed(run: list[Linked], seen: _Seen, report: Report) -> bool:
    """Whether the issuer signed the last of them, and so each before. Raises Broken if it signed another."""
    bare: list[Line] = []
    another = 0
    for line, link in run:
        lines, points = seen.lines.get(_name(line), {}), seen.points.get(_name(line), set())
        if link in lines or (link, line.balance) in points:
            bare, another = [], 0
            continue
        bare.append(line)
        another = another or (line.seq if lines or points else 0)
    if another:
        raise Broken(f"Line {another} of {bare[0].asset} is not the one that {bare[0].issuer} signed.")
    if bare:
        which = numbers(bare[0].seq, bare[-1].seq)
        report.unsigned.update(map(_name, bare))
        report.missing.append(
            f"the file lacks a word of {bare[0].issuer} that signs {which} of {bare[0].asset}."
        )
    return not bare


def numbers(first: int, last: int) -> str:
    """ "line 3", "lines 3 to 5"."""
    return f"line {first}" if first == last else f"lines {first} to {last}"


def _points(bundle: Bundle, seen: _Seen, report: Report) -> Iterator[str]:
    """The points in the maker's books, each with the other side's signature."""
    ours = {_name(line): digest(bytes(raw)) for raw in bundle.lines if (line := read_line(raw))}
    for one in bundle.points:
        where = f"the point {one.point.seq} of {one.asset}"
        theirs, mine = _ack(bytes(one.theirs)), _ack(bytes(one.ours))
        said = (one.asset, one.epoch, one.point)
        if any(ack is None or (ack.asset, ack.epoch, ack.point) != said for ack in (theirs, mine)):
            raise Broken(f"At {where} both do not say the same.")
        name = (one.issuer, one.holder, one.asset, one.epoch, one.point.seq)
        if ours.get(name, one.point.hash) != one.point.hash:
            raise Broken(f"The line at {where} is another one.")
        if (bundle.about, bytes(one.theirs)) not in seen.items:
            if _signed_another(one, bundle.about, seen):
                raise Broken(f"{bundle.about} signed another one at {where}.")
            report.missing.append(f"the file lacks the word in which {bundle.about} signed {where}.")
            continue
        if name not in ours:
            report.missing.append(
                f"the file lacks {numbers(name[4], name[4])} of {one.asset}, at which both agreed."
            )
            continue
        is_both = any((bundle.maker, item) in seen.items for item in _as_said_by(one, bundle.maker))
        yield f"At {where} the balance is {one.point.balance}, signed by " + (
            "both." if is_both else f"{bundle.about}; the signature of {bundle.maker} is in the other bundle."
        )


def _signed_another(one: Agreed, about: str, seen: _Seen) -> bool:
    """Whether a word of it that is there says something else of this number."""
    acks = (_ack(item) for peer, item in seen.items if peer == about)
    said = {ack.point for ack in acks if ack and (ack.asset, ack.epoch) == (one.asset, one.epoch)}
    return any(point.seq == one.point.seq and point != one.point for point in said)


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
