"""Bugs about lines that are contested: what stands aside, and who must sign before it leaves."""

from collections.abc import Iterator
from typing import Any

from msgspec import structs

from wallet.between import clearing, disputing, lines
from wallet.simulation.mutants import mutant

Patches = Iterator[tuple[Any, Any, Any]]


@mutant("an issuer ends a dispute by its own signature alone")
def dispute_ended_by_one() -> Patches:
    right = clearing.suggest

    def suggest(desk: Any, event: Any) -> Any:
        outcome = right(desk, event)
        one = desk.clearings.get(event.clearing.id)
        if outcome.why == "" and one is not None and one.kind == "release" and clearing._mine(desk, one):
            disputing.carry_out(desk, one)
            desk.keep_clearing(structs.replace(one, state="signed"))
        return outcome

    yield clearing, "suggest", suggest


@mutant("what ends a dispute is signed without a person")
def dispute_ended_by_no_person() -> Patches:
    yield clearing, "FOR_PEOPLE", frozenset({"settlement"})


@mutant("more than the line is set aside")
def dispute_above_its_line() -> Patches:
    yield disputing, "over_line", lambda desk, line, edge: False


@mutant("one line is set aside twice")
def dispute_of_one_line_twice() -> Patches:
    yield disputing, "_stands", lambda desk, other, one: False


@mutant("what goes back to whoever paid is written in no line")
def dispute_returned_without_line() -> Patches:
    right = lines.line_of

    def line_of(desk: Any, peer: str, kind: str, ref: Any, link: Any) -> Any:
        return None if kind == "returned" else right(desk, peer, kind, ref, link)

    yield disputing, "line_of", line_of


@mutant("an issuer sets aside what it contests before the holder has said that it can do without")
def dispute_without_asking() -> Patches:
    right = clearing.suggest

    def suggest(desk: Any, event: Any) -> Any:
        outcome = right(desk, event)
        one = desk.clearings.get(event.clearing.id)
        if outcome.why == "" and one is not None and one.kind == "dispute":
            clearing._take(desk, one)
            desk.keep_clearing(structs.replace(one, state="signed"))
        return outcome

    yield clearing, "suggest", suggest


@mutant("of two offers that cross, both may be signed")
def crossing_offers_both_stand() -> Patches:
    right = disputing._wrong_release

    def wrong_release(desk: Any, one: Any, edge: Any) -> str:
        why = right(desk, one, edge)
        return "" if why == "being_released" else why

    yield disputing, "must_wait", lambda desk, one: False
    yield disputing, "_wrong_release", wrong_release


@mutant("what stands contested may be taken once more by new payments")
def contested_not_counted() -> Patches:
    yield lines, "count_contested", lambda desk, line: None
