"""A bundle of proofs: whoever has public keys alone sees what holds, what was altered, and who cheated."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Raw, json, structs

from federation.multikey import encode_key
from kit.db import Database
from kit.features import EXPORT_PEER
from node.commands.bundles import verifier_of
from tests.wallet.village import two_nodes as town
from tests.wallet.village.two_nodes import CAFE, EUR, FARM, Street
from wallet.between import messages as m
from wallet.between.bundle import Agreed, Bundle, examine, written
from wallet.between.completing import ack_for
from wallet.between.envelope import evidence_of, open_envelope
from wallet.federated.bundling import bundle, export

ROOT = Path(__file__).parents[3]


@pytest.fixture
def street(db: Database, new_database_url: Callable[[], str]) -> Iterator[Street]:
    farms = Database(new_database_url(), durable=False)
    found = town.street(db, farms)
    for amount in (500, 300, 200):
        found.paid(amount)
    (mirror,) = [one for one in found.farm.keeper.shown()["mirrors"] if one.issuer == CAFE]
    found.say(CAFE, FARM, *found.say(FARM, CAFE, ack_for(mirror, found.clock.ms)))
    yield found
    farms.close()


def of_farm(street: Street) -> bytes:
    """What the farm can show about the café."""
    with street.farm.keeper.database.read() as session:
        return bundle(session, FARM, CAFE)


def of_cafe(street: Street) -> bytes:
    with street.cafe.keeper.database.read() as session:
        return bundle(session, CAFE, FARM)


def test_an_honest_bundle_says_what_it_proves(street: Street) -> None:
    found = examine([of_farm(street)], verifier_of)
    assert (found.broken, found.cheated) == ("", [])
    assert f"{CAFE} owes {FARM} 1000 of {EUR} after 3 lines" in found.proved[1]
    assert "what came later cannot be seen here" in found.proved[1]
    assert "signed by https://cafe.example" in found.proved[2]


def test_the_export_is_the_bundle_of_one_neighbour_or_of_each(street: Street) -> None:
    with street.farm.keeper.database.read() as session:
        (everything,) = export(session)
        session.info[EXPORT_PEER] = town.MILL
        (nothing,) = export(session)
    assert examine([everything.removesuffix(b"\n")], verifier_of).is_fine
    assert json.decode(nothing, type=Bundle).lines == ()


def test_the_bundles_of_both_sides_show_both_signatures(street: Street) -> None:
    found = examine([of_farm(street), of_cafe(street)], verifier_of)
    assert (found.broken, found.cheated) == ("", [])
    assert [one for one in found.proved if one.endswith("signed by both.")]


def test_every_flipped_byte_is_found(street: Street) -> None:
    """Each byte of the file, one after the other."""
    body = of_farm(street)
    for place in range(0, len(body)):
        if place % 7 and 2_000 < place < len(body) - 500:
            continue  # every seventh of the long middle
        altered = bytearray(body)
        altered[place] ^= 1 << (place % 8)
        assert examine([bytes(altered)], verifier_of).broken, place


def test_a_byte_flipped_by_somebody_who_writes_the_sum_anew(street: Street) -> None:
    """What signatures and hashes hold together needs no sum."""
    whole = json.decode(of_farm(street), type=Bundle)

    @settings(max_examples=150, deadline=None)
    @given(st.data())
    def flip(data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(["evidence", "lines"]))
        parts = list(getattr(whole, name))
        which = data.draw(st.integers(0, len(parts) - 1))
        altered = bytearray(bytes(parts[which]))
        place = data.draw(st.integers(0, len(altered) - 1))
        altered[place] ^= 1 << data.draw(st.integers(0, 7))
        parts[which] = Raw(bytes(altered))
        forged = written(structs.replace(whole, **{name: tuple(parts)}))
        assert not examine([forged], verifier_of).is_fine

    flip()


@pytest.mark.parametrize("name", ["evidence", "lines"])
def test_what_is_left_out_of_the_middle_is_missed(street: Street, name: str) -> None:
    whole = json.decode(of_farm(street), type=Bundle)
    parts = getattr(whole, name)
    kept = parts[:1] + parts[2:] if name == "lines" else parts[:2]
    found = examine([written(structs.replace(whole, **{name: kept}))], verifier_of)
    assert (found.broken, found.is_fine) == ("", False)
    assert all(one.startswith("the file lacks ") for one in found.missing)


def test_another_key_under_the_same_name(street: Street) -> None:
    whole = json.decode(of_farm(street), type=Bundle)
    other = structs.replace(whole.keys[0], key=encode_key(town.STRANGER.public_key()))
    assert "does not hold" in examine([written(structs.replace(whole, keys=(other,)))], verifier_of).broken
    moved = structs.replace(whole.keys[0], origin="https://other.example")
    assert "not published" in examine([written(structs.replace(whole, keys=(moved,)))], verifier_of).broken


def test_a_point_that_was_never_signed(street: Street) -> None:
    whole = json.decode(of_farm(street), type=Bundle)
    (point,) = whole.points
    ack = structs.replace(json.decode(bytes(point.theirs), type=m.Ack), made=7)
    forged = Agreed(
        point.issuer, point.holder, point.asset, point.epoch, point.point, Raw(m.encode(ack)), point.ours
    )
    found = examine([written(structs.replace(whole, points=(forged,)))], verifier_of)
    assert found.missing == [f"the file lacks the word in which {CAFE} signed the point 3 of {EUR}."]
    assert not found.is_fine
    moved = structs.replace(point.point, balance=point.point.balance + 1)
    acks = [json.decode(bytes(raw), type=m.Ack) for raw in (point.theirs, point.ours)]
    theirs, ours = (Raw(m.encode(structs.replace(ack, point=moved))) for ack in acks)
    other = Agreed(point.issuer, point.holder, point.asset, point.epoch, moved, theirs, ours)
    assert "another one" in examine([written(structs.replace(whole, points=(other,)))], verifier_of).broken


def _told(street: Street, said: m.AnyMessage) -> Any:
    """The café says it to the farm, under its own key; then the farm's bundle is looked at."""
    street.say(CAFE, FARM, m.encode(said))
    return examine([of_farm(street)], verifier_of)


def test_two_lines_under_one_number_are_a_proof(street: Street) -> None:
    other = town.line(street, seq=2, delta=5, balance=505)
    found = _told(street, town.lines(street, other))
    assert found.cheated == [f"{CAFE} signed 2 different lines under number 2 of {EUR}."]
    assert not found.is_fine


def test_another_head_is_a_proof(street: Street) -> None:
    head = m.Point(3, "f" * 64, 1_000)
    found = _told(street, m.Lines(id=uuid4(), made=1, asset=EUR, epoch=1, head=head))
    assert found.cheated == [f"{CAFE} signed 2 different lines under number 3 of {EUR}."]


def test_a_yes_without_its_line_is_a_proof(street: Street) -> None:
    payment = street.begin(400)
    leg = payment.legs[0]
    said = m.Receipt(
        id=leg.id, made=1, verb="charge", req=m.digest(leg.ask), outcome="posted", at=1, amount=400
    )
    found = _told(street, said)
    assert found.cheated == [f"{CAFE} signed that it paid 400 for {leg.id}, and wrote no line of it."]


def test_a_statement_that_ends_before_a_signed_line_is_a_proof(street: Street) -> None:
    """A day later the café says that its lines end at number 1."""
    street.clock.on(days=1)
    first = m.decode_line(town.lines_of(street)[0])
    head = m.Point(1, m.digest(town.lines_of(street)[0]), first.balance)
    later = m.Lines(id=uuid4(), made=1, asset=EUR, epoch=1, head=head, lines=())
    whole = json.decode(of_farm(street), type=Bundle)
    body = town.letter(CAFE, FARM, street.clock, m.encode(later))
    said = open_envelope(body, FARM, street.clock.ms, lambda *_: True)
    more = (*whole.evidence, Raw(evidence_of(said, 0).to_json()))
    found = examine([written(structs.replace(whole, evidence=more))], verifier_of)
    assert found.broken == ""
    assert len(found.cheated) == 2
    assert "later that its lines end at 1" in found.cheated[0]


def test_a_stranger_looks_with_the_file_alone(street: Street, tmp_path: Path) -> None:
    """In an empty directory, without configuration, database or network."""
    (tmp_path / "proof.json").write_bytes(of_farm(street) + b"\n")
    (tmp_path / "forged.json").write_bytes(of_farm(street).replace(b'"balance":1000', b'"balance":9000'))
    command = [sys.executable, "-m", "node", "verify", "--bundle"]
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "http_proxy": "http://127.0.0.1:9"}

    def look(name: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*command, name], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120, check=False
        )

    honest, forged = look("proof.json"), look("forged.json")
    assert honest.returncode == 0, honest.stderr
    assert "Everything in this file is in order" in honest.stdout
    assert (forged.returncode, "First broken" in forged.stdout) == (1, True)
    missing = look("nothing.json")
    assert (missing.returncode, "nothing.json" in missing.stderr, "Traceback" in missing.stderr) == (
        1,
        True,
        False,
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["forged.json", "proof.json"]
