"""What the databases of a village say of its payments, read with plain SQL while the nodes run."""

import json
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from node.demo.village import DemoNode
from tests.village.faults.nodes import ROOT, Sheltered

LINES = (
    "SELECT asset, epoch, seq, hash, body FROM village_line WHERE issuer = ? AND holder = ? "
    "ORDER BY asset, epoch, seq"
)
CHARGED = (
    "SELECT ref, delta FROM village_line WHERE issuer = ? AND holder = ? "
    "AND kind NOT IN ('setoff', 'settlement', 'dispute', 'released', 'returned')"
)
LEGS = (
    "SELECT p.id, p.state, p.is_final, p.local_amount, l.id, l.issuer, l.amount, l.state "
    "FROM village_payment p LEFT JOIN village_leg l ON l.payment_id = p.id WHERE p.kind = 'sale'"
)


@dataclass(frozen=True)
class Leg:
    """One charge at one issuer, as the acceptor has it."""

    id: str
    issuer: str
    amount: int
    state: str


@dataclass(frozen=True)
class Kept:
    """One payment as the acceptor has it."""

    state: str
    is_final: bool
    legs: tuple[Leg, ...]


def rows(node: DemoNode, sql: str, *values: Any) -> list[Any]:
    """What a node's file answers."""
    with closing(sqlite3.connect(f"file:{node.folder / 'node.db'}?mode=ro", uri=True, timeout=30)) as base:
        return base.execute(sql, values).fetchall()


def payments(node: DemoNode) -> dict[str, Kept]:
    """All sales of an acceptor, by id."""
    found: dict[str, Kept] = {}
    for payment, state, is_final, _local, *leg in rows(node, LEGS):
        known = found.get(_text(payment))
        legs = (*(known.legs if known else ()), *([Leg(_text(leg[0]), *leg[1:])] if leg[0] else ()))
        found[_text(payment)] = Kept(state, bool(is_final), legs)
    return found


def posted(issuer: DemoNode, holder: DemoNode) -> Counter[str]:
    """What each charge of `holder` came to at `issuer`, by the charge's id: lines added up."""
    sums: Counter[str] = Counter()
    for ref, delta in rows(issuer, CHARGED, issuer.url, holder.url):
        sums[ref] += delta
    return sums


def differences(issuer: DemoNode, holder: DemoNode) -> Iterator[str]:
    """Where the holder's mirror and the issuer's lines are not the same bytes."""
    theirs, ours = (rows(node, LINES, issuer.url, holder.url) for node in (issuer, holder))
    if theirs != ours:
        yield f"{len(theirs)} lines at {issuer.name}, {len(ours)} at {holder.name}"


def unfinished(village: Sheltered) -> Iterator[str]:
    """What is still under way anywhere."""
    for node in village.nodes:
        for payment, state in rows(node, "SELECT id, state FROM village_payment WHERE NOT is_final"):
            yield f"payment {_text(payment)} at {node.name} is {state}"
        for other in village.nodes:
            if other is not node:
                yield from differences(node, other)


def broken(node: DemoNode) -> str:
    """What `hameau verify` finds wrong first, or nothing."""
    command = [sys.executable, "-m", "node", "verify", "--config", str(node.config), "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if not done.stdout:
        return done.stderr
    found = json.loads(done.stdout)
    return "" if found["ok"] else str(found["first_broken"])


def alarms(nodes: Sequence[DemoNode]) -> Counter[str]:
    """What people were told to look at, by name."""
    return Counter(what for node in nodes for (what,) in rows(node, "SELECT what FROM village_alarm"))


def _text(key: bytes) -> str:
    return str(UUID(bytes=key))
