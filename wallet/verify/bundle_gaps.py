"""What a bundle does not hold: named by what the other node signed in it, and by the lines themselves.

Whoever makes a bundle chooses its words, and a word that nothing else names leaves no trace when it is left
out. What can be told is told: lines that were signed and are not shown, words without which a line or a point
stands on its neighbours alone.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from msgspec import MsgspecError

from wallet.between.bundle import Bundle, Report, examine, numbers, read_bundle
from wallet.between.envelope import Verify, read_evidence
from wallet.between.lines import read_line
from wallet.between.messages import Ack, AnyMessage, Line, Lines, Receipt, decode
from wallet.between.mirroring import BY_BOTH
from wallet.between.strict import NotHeard

MOST_NAMED: Final = 5
"""Numbers that one sentence names."""
Chain = tuple[str, str, str, int]
"""Issuer, holder, asset, epoch."""


@dataclass
class Gaps:
    """`unproved`: what the bundle says and cannot prove; `absent`: what else it does not hold."""

    unproved: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)


@dataclass
class _Words:
    """What the other node signed here: its lines by number, how far they go, points, ids it named."""

    shown: dict[Chain, set[int]] = field(default_factory=dict)
    ends: dict[Chain, int] = field(default_factory=dict)
    agreed: dict[Chain, int] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)
    count: int = 0


def examined(bodies: Sequence[bytes], key_of: Callable[[str], Verify]) -> tuple[Report, Gaps]:
    """What these files prove, and what they lack. A broken file is not searched any further."""
    report, found = examine(bodies, key_of), Gaps()
    found.unproved += report.missing
    if not report.broken:
        for body in bodies:
            _look(read_bundle(body), report, found)
    return report, found


def _look(bundle: Bundle, report: Report, found: Gaps) -> None:
    words, chains = _words(bundle), _chains(bundle)
    if not words.count:
        found.unproved.append(
            f"the file lacks any signed word of {bundle.about}: it proves nothing about {bundle.about}."
        )
    for chain, end in sorted(words.ends.items()):
        held = max((line.seq for line in chains.get(chain, ())), default=0)
        if end > held:
            found.unproved.append(
                f"the file lacks {numbers(held + 1, end)} of {chain[2]}: "
                f"{chain[0]} signed that its lines go to {end}."
            )
    found.absent += _without_word(bundle, words, chains, report)
    found.absent += _without_point(bundle, words)


def _without_word(
    bundle: Bundle, words: _Words, chains: dict[Chain, list[Line]], report: Report
) -> Iterator[str]:
    """Lines that stand by those around them alone; those that it asked for, or signed, by no word here."""
    for chain, lines in sorted(chains.items()):
        shown = words.shown.get(chain, set())
        bare = [
            seq for line in lines if (seq := line.seq) not in shown and (*chain, seq) not in report.unsigned
        ]
        if chain[0] == bundle.about and bare:
            yield (
                f"The words in which {bundle.about} said {_numbers(bare)} of {chain[2]} are not in the file: "
                "its signature under a later one covers them."
            )
        is_asked = chain[0] == bundle.maker
        alone = [
            line.seq for line in lines if (is_asked or line.kind in BY_BOTH) and line.ref not in words.named
        ]
        if alone:
            did = "asked for" if is_asked else "signed"
            yield f"That {bundle.about} {did} {_numbers(alone)} of {chain[2]} is not in the file."


def _without_point(bundle: Bundle, words: _Words) -> Iterator[str]:
    held: dict[Chain, int] = {}
    for one in bundle.points:
        chain = (one.issuer, one.holder, one.asset, one.epoch)
        held[chain] = max(held.get(chain, 0), one.point.seq)
    for chain, seq in sorted(words.agreed.items()):
        if seq > held.get(chain, 0):
            yield (
                f"The point {seq} of {chain[2]} is not in the file: {bundle.about} signed it, "
                f"what {bundle.maker} answered is not shown."
            )


def _words(bundle: Bundle) -> _Words:
    words = _Words()
    for raw in bundle.evidence:
        try:
            shown = read_evidence(bytes(raw))
            message = decode(shown.item)
        except (NotHeard, MsgspecError, RecursionError):  # the examination has said so
            continue
        words.count += 1
        words.named.add(str(message.id))
        _note(words, bundle, message)
    return words


def _note(words: _Words, bundle: Bundle, message: AnyMessage) -> None:
    if isinstance(message, Receipt | Lines):
        raws = message.lines if isinstance(message, Lines) else (message.line,) if message.line else ()
        for line in (one for raw in raws if (one := read_line(raw)) is not None):
            if (line.issuer, line.holder) != (bundle.about, bundle.maker):
                continue  # it signs for nobody else
            chain = (line.issuer, line.holder, line.asset, line.epoch)
            words.shown.setdefault(chain, set()).add(line.seq)
            words.ends[chain] = max(words.ends.get(chain, 0), line.seq)
    if isinstance(message, Lines) and message.head.seq:
        chain = (bundle.about, bundle.maker, message.asset, message.epoch)
        words.ends[chain] = max(words.ends.get(chain, 0), message.head.seq)
    if isinstance(message, Ack):
        sides = (bundle.about, bundle.maker) if message.by == "issuer" else (bundle.maker, bundle.about)
        chain = (*sides, message.asset, message.epoch)
        words.agreed[chain] = max(words.agreed.get(chain, 0), message.point.seq)


def _chains(bundle: Bundle) -> dict[Chain, list[Line]]:
    chains: dict[Chain, list[Line]] = {}
    for line in (one for raw in bundle.lines if (one := read_line(raw)) is not None):
        chains.setdefault((line.issuer, line.holder, line.asset, line.epoch), []).append(line)
    return chains


def _numbers(found: Sequence[int]) -> str:
    named = ", ".join(str(one) for one in found[:MOST_NAMED])
    more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
    return f"line {named}" if len(found) == 1 else f"lines {named}{more}"
