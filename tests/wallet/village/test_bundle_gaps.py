"""A bundle of which a part was left out, each part in turn: it is said, and so is what cannot be proved."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from msgspec import Raw, json, structs
from typer import Exit

from kit.db import Database
from node.commands.bundles import show_bundles, verifier_of
from tests.wallet.village import contests as people
from tests.wallet.village import two_nodes as town
from tests.wallet.village.test_bundle import of_cafe, of_farm
from tests.wallet.village.two_nodes import CAFE, EUR, FARM, Street
from wallet.between import messages as m
from wallet.between.bundle import Bundle, written
from wallet.between.completing import ack_for
from wallet.between.envelope import read_evidence
from wallet.verify.bundle_gaps import Gaps, examined

NOTHING = Gaps()


@pytest.fixture
def street(db: Database, new_database_url: Callable[[], str]) -> Iterator[Street]:
    """Two payments, one of them contested and given back, one that the café contests, and a point of both."""
    farms = Database(new_database_url(), durable=False)
    found = town.street(db, farms)
    first, second = (people.line_of(found, found.paid(amount)) for amount in (500, 300))
    people.end(found, people.contest(found, first, FARM, 200), CAFE, "payer")
    people.contest(found, second, CAFE, 300)
    (mirror,) = [one for one in found.farm.keeper.shown()["mirrors"] if one.issuer == CAFE]
    found.say(CAFE, FARM, *found.say(FARM, CAFE, ack_for(mirror, found.clock.ms)))
    yield found
    farms.close()


def without(body: bytes, name: str, place: int) -> bytes:
    """The file as somebody writes it who leaves that part out."""
    whole = json.decode(body, type=Bundle)
    parts = getattr(whole, name)
    return written(structs.replace(whole, **{name: parts[:place] + parts[place + 1 :]}))


def spare(body: bytes) -> Iterator[int]:
    """Words that show lines, each of which is shown by another one as well."""
    shown = [lines_in(bytes(raw)) for raw in json.decode(body, type=Bundle).evidence]
    for place, lines in enumerate(shown):
        others = [line for one in shown[:place] + shown[place + 1 :] for line in one]
        if lines and all(line in others for line in lines):
            yield place


def lines_in(word: bytes) -> list[bytes]:
    message = m.decode(read_evidence(word).item)
    raws = message.lines if isinstance(message, m.Lines) else [getattr(message, "line", None)]
    return [bytes(raw) for raw in raws if isinstance(raw, Raw) and raw]


def only(body: bytes, **parts: tuple[()]) -> bytes:
    return written(structs.replace(json.decode(body, type=Bundle), **parts))


def test_a_whole_bundle_lacks_nothing(street: Street) -> None:
    for body in (of_farm(street), of_cafe(street)):
        report, gaps = examined([body], verifier_of)
        assert (report.broken, gaps) == ("", NOTHING)


@pytest.mark.parametrize("name", ["keys", "evidence", "lines", "points"])
@pytest.mark.parametrize("whose", [of_farm, of_cafe])
def test_each_part_that_is_left_out_is_missed(
    street: Street, name: str, whose: Callable[[Street], bytes]
) -> None:
    """One after the other: nothing is left out in silence, but a word whose lines another word says, too."""
    body = whose(street)
    silent = []
    for place in range(len(getattr(json.decode(body, type=Bundle), name))):
        report, gaps = examined([without(body, name, place)], verifier_of)
        if not report.broken and gaps == NOTHING:
            silent.append(place)
    assert silent == (list(spare(body)) if name == "evidence" else [])


def test_lines_that_were_signed_and_are_not_shown(street: Street) -> None:
    """The last one alone would leave a balance that is not the last one; all of them, none."""
    body = of_farm(street)
    last = len(json.decode(body, type=Bundle).lines)
    _, gaps = examined([only(without(body, "lines", last - 1), points=())], verifier_of)
    assert gaps.unproved == [
        f"the file lacks line {last} of {EUR}: {CAFE} signed that its lines go to {last}."
    ]


def test_the_command_says_it_and_does_not_end_well(
    street: Street, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (file := tmp_path / "proof.json").write_bytes(only(of_farm(street), evidence=(), lines=(), points=()))
    with pytest.raises(Exit):
        show_bundles([file], as_json=False)
    assert f"NOT PROVED: the file lacks any signed word of {CAFE}" in capsys.readouterr().out
    file.write_bytes(only(of_farm(street), points=()))
    show_bundles([file], as_json=False)
    told = capsys.readouterr().out
    assert f"Not held: The point 6 of {EUR}" in told
    assert "What is held is in order; what came later cannot be seen here." in told


@pytest.mark.parametrize(
    ("name", "kept", "said"),
    [
        ("evidence", slice(0, 0), "the file lacks a word of {} that signs lines 1 to 6 of {}."),
        ("lines", slice(0, 0), "the file lacks lines 1 to 6 of {1}: {0} signed that its lines go to 6."),
        ("lines", slice(1, None), "the file lacks line 1 of {1}."),
        ("lines", slice(0, None, 5), "the file lacks lines 2 to 5 of {1}."),
    ],
)
def test_what_is_missing_contradicts_nothing(street: Street, name: str, kept: slice, said: str) -> None:
    """The file is not called broken for it, and yet it does not end well."""
    whole = json.decode(of_farm(street), type=Bundle)
    parts = getattr(whole, name)[kept]
    report, gaps = examined([written(structs.replace(whole, **{name: parts}))], verifier_of)
    assert (report.broken, report.cheated) == ("", [])
    assert said.format(CAFE, EUR) in gaps.unproved
    assert all(one.startswith("the file lacks ") for one in gaps.unproved)
    told = f"after 6 lines. {CAFE} signed the last in this file; what came later cannot be seen here."
    assert any(told in one for one in report.proved) == (name == "lines" and bool(parts))


def test_a_line_in_place_of_the_one_that_was_signed_is_broken(street: Street) -> None:
    """Its maker writes the last line anew: that contradicts a signed word, whatever else is missing."""
    whole = json.decode(of_farm(street), type=Bundle)
    last = m.decode_line(bytes(whole.lines[-1]))
    other = Raw(m.encode(structs.replace(last, ref=str(uuid4()))))
    report, _ = examined([written(structs.replace(whole, lines=(*whole.lines[:-1], other)))], verifier_of)
    assert report.broken == f"Line {last.seq} of {EUR} is not the one that {CAFE} signed."
