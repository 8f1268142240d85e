"""`hameau simulate`: many nodes, faults, and what must stay true (docs/simulation.md)."""

import json
import sys
import time
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, TypeVar

import typer

from wallet.simulation.bugs import MUTANTS, planted
from wallet.simulation.many import Found, compare_many, find_mutants, play_many
from wallet.simulation.shapes import Counts
from wallet.simulation.world import Result, play

cli = typer.Typer(
    name="simulate",
    invoke_without_command=True,
    help="Play evenings of many nodes with faults, and check what must be true.",
    epilog="Example: hameau simulate --seeds 1..300",
)
T = TypeVar("T")
EVERY = 1.0
"""Seconds between two lines of progress."""


@cli.callback()
def simulate(
    context: typer.Context,
    *,
    seeds: Annotated[
        str, typer.Option(help="Which evenings: A..B, both included; 1..300, and 1..1000 to look for bugs.")
    ] = "",
    replay: Annotated[int | None, typer.Option(help="Tell one evening in plain words.")] = None,
    mutant: Annotated[
        str, typer.Option(help="Plant this bug; the command then fails when it is caught.")
    ] = "",
    mutants: Annotated[
        bool, typer.Option("--mutants", help="Plant every bug, and say how soon each is caught.")
    ] = False,
    sqlite: Annotated[
        int, typer.Option(help="Play so many of the seeds in SQLite, too, and compare bytes.")
    ] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON value, for scripts.")] = False,
) -> None:
    """Play seeds on every core; exit status 1 when something that must be true was not."""
    if mutant and mutant not in MUTANTS:
        raise typer.BadParameter(f"one of: {', '.join(sorted(MUTANTS))}", param_hint="--mutant")
    first, last = _bounds(seeds or ("1..1000" if mutants else "1..300"))
    chosen = range(first, last + 1)
    if replay is not None:
        _replay(replay, mutant)
    elif mutants:
        _tell_mutants(
            list(_watched(find_mutants(list(MUTANTS), first, len(chosen)), len(MUTANTS), "bugs")), as_json
        )
    elif sqlite:
        _tell(list(_watched(compare_many(chosen[:sqlite]), sqlite, "seeds")), as_json)
    else:
        _tell(list(_watched(play_many(chosen, mutant), len(chosen), "seeds")), as_json)


def _bounds(text: str) -> tuple[int, int]:
    first, dots, last = text.partition("..")
    if not first.isdigit() or not (last if dots else first).isdigit():
        raise typer.BadParameter("two numbers: 1..300", param_hint="--seeds")
    return int(first), int(last if dots else first)


def _replay(seed: int, mutant: str) -> None:
    with planted(mutant):
        result = play(seed, is_told=True)
    for line in result.story:
        typer.echo(line)
    typer.echo(_sentence(result.counts, 1))
    _leave([result])


def _watched(results: Iterable[T], whole: int, what: str) -> Iterable[T]:
    """Progress on the error output, so that scripts read the answer alone."""
    told = started = time.monotonic()
    for number, result in enumerate(results, start=1):
        if isinstance(result, Result) and result.invariant:
            typer.echo(f"seed {result.seed}: {result.invariant} {result.where}", err=True)
        if time.monotonic() - told > EVERY or number == whole:
            told = time.monotonic()
            typer.echo(f"{number} of {whole} {what}, {told - started:.0f} s", err=True)
        yield result


def _tell(results: Sequence[Result], as_json: bool) -> None:
    counts = Counts()
    for result in results:
        counts.add(result.counts)
    wrong = [one for one in results if one.invariant]
    if as_json:
        numbers = {name: getattr(counts, name) for name in counts.__struct_fields__}
        violations = [{"seed": one.seed, "invariant": one.invariant, "where": one.where} for one in wrong]
        _print({"seeds": len(results), **numbers, "violations": violations, "mutants": {}})
    else:
        typer.echo(_sentence(counts, len(results)))
        for one in wrong:
            typer.echo(f"VIOLATION seed {one.seed}: {one.invariant}, {one.where}")
    _leave(wrong)


def _tell_mutants(found: Sequence[Found], as_json: bool) -> None:
    if as_json:
        named = {one.name: one.seeds or None for one in sorted(found, key=lambda one: one.name)}
        _print({"seeds": sum(one.seeds for one in found), "events": 0, "violations": [], "mutants": named})
    else:
        for one in sorted(found, key=lambda one: (one.seeds, one.name)):
            caught = f"caught by {one.invariant} after {one.seeds}" if one.seeds else "SURVIVED"
            typer.echo(f"{one.name:28} {caught:32} {MUTANTS[one.name].what}")
    if not all(one.seeds for one in found):
        raise typer.Exit(1)


def _sentence(counts: Counts, seeds: int) -> str:
    """What was played, in numbers."""
    return (
        f"{seeds} seeds: {counts.virtual / 3_600_000:.1f} simulated hours, {counts.events} events, "
        f"{counts.commits} commits, {counts.envelopes} envelopes ({counts.lost} lost, "
        f"{counts.doubled} doubled), "
        f"{counts.crashes} crashes, {counts.cuts} cuts, {counts.jumps} jumps of clocks, {counts.lies} lies; "
        f"{counts.payments} payments, {counts.paid} paid ({counts.offline} under a grant), "
        f"{counts.refunds} refunds, {counts.clearings} proposals, "
        f"{counts.disputes} disputes and offers to end them, {counts.late} late holds, "
        f"{counts.losses} losses."
    )


def _print(value: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(value) + "\n")


def _leave(results: Sequence[Result]) -> None:
    if any(one.invariant for one in results):
        raise typer.Exit(1)
