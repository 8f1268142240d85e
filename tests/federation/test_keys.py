"""The node's keys: made once, kept closed, replaced with the old key's word."""

import os
import stat
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from federation.key_file import KeyFileError
from federation.keys import FILE, KeyRing, open_keys, rotate, save_keys
from federation.peer_keys import keys_of
from federation.rotation import ROTATIONS, fingerprint, follow, vouches
from tests.factories.signers import NOW, Signer, pair, signer

OPENER = "a secret setting of enough letters"
ACTOR = signer().actor


@pytest.fixture(autouse=True)
def quick_keys() -> None:
    """Here keys are made and opened as a real node does."""


def document(ring: KeyRing, actor: str = ACTOR) -> dict[str, Any]:
    return {**Signer(actor, ring.current).document, ROTATIONS: list(ring.rotations)}


def test_made_once_and_read_again(tmp_path: Path) -> None:
    first = open_keys(tmp_path / "data", OPENER, NOW)
    again = open_keys(tmp_path / "data", OPENER, NOW + timedelta(days=1))
    assert again.current.public == first.current.public
    assert again.current.since == NOW
    assert os.listdir(tmp_path / "data") == [FILE]


def test_closed_to_others(tmp_path: Path) -> None:
    ring = open_keys(tmp_path, OPENER, NOW)
    path = tmp_path / FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    raw = path.read_bytes()
    private = ring.current.ed25519.private_bytes_raw()
    assert private not in raw
    assert private.hex().encode() not in raw
    assert "KeyRing" in repr(ring)
    assert private.hex() not in repr(ring)
    path.chmod(0o644)
    open_keys(tmp_path, OPENER, NOW)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_another_secret_or_a_damaged_file(tmp_path: Path) -> None:
    open_keys(tmp_path, OPENER, NOW)
    with pytest.raises(KeyFileError, match="secret_key"):
        open_keys(tmp_path, OPENER + "x", NOW)
    path = tmp_path / FILE
    raw = path.read_bytes()
    for damaged in (raw[:-1], raw[:40], b"", raw[:60] + bytes([raw[60] ^ 1]) + raw[61:]):
        path.write_bytes(damaged)
        with pytest.raises(KeyFileError):
            open_keys(tmp_path, OPENER, NOW)


def test_two_processes_start_together(tmp_path: Path) -> None:
    rings: list[KeyRing] = []
    threads = [
        threading.Thread(target=lambda: rings.append(open_keys(tmp_path, OPENER, NOW))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({ring.current.public for ring in rings}) == 1
    assert len(rings) == 4


def test_key_ids() -> None:
    ring = KeyRing(pair("cafe"))
    assert ring.http_key(ACTOR).id == f"{ACTOR}#main-key"
    assert ring.proof_key(ACTOR).id == f"{ACTOR}#ed25519-key"
    assert (ring.http_key(ACTOR).algorithm, ring.proof_key(ACTOR).algorithm) == ("rsa-v1_5-sha256", "ed25519")


def test_fingerprint_is_the_same_at_both_ends() -> None:
    ours = pair("cafe").fingerprint
    assert [len(group) for group in ours.split(" ")] == [4] * 8
    assert fingerprint(key.multibase for key in keys_of(signer().document).values()) == ours
    assert pair("mallory").fingerprint != ours


def test_rotation_is_kept_and_vouched_for(tmp_path: Path) -> None:
    old = KeyRing(pair("cafe"))
    new = rotate(old, ACTOR, NOW)
    assert new.former == (old.current,)
    assert new.current.public != old.current.public
    save_keys(tmp_path, OPENER, new)
    read = open_keys(tmp_path, OPENER, NOW)
    assert (read.current.public, read.rotations) == (new.current.public, new.rotations)
    assert read.former[0].public == old.current.public
    assert vouches(old.current.public, document(new), NOW)
    assert vouches(new.current.public, document(new), NOW)


def test_two_rotations_in_a_row() -> None:
    first = KeyRing(pair("cafe"))
    second = rotate(first, ACTOR, NOW)
    third = rotate(second, ACTOR, NOW + timedelta(days=1))
    assert follow(frozenset(first.current.public), document(third), NOW) == frozenset(third.current.public)
    assert vouches(first.current.public, document(third), NOW)
    missing = {**document(third), ROTATIONS: list(third.rotations)[1:]}
    assert not vouches(first.current.public, missing, NOW)
    assert vouches(second.current.public, missing, NOW)


def test_nobody_else_can_vouch() -> None:
    old, thief = KeyRing(pair("cafe")), KeyRing(pair("mallory"))
    stolen = rotate(thief, ACTOR, NOW)
    assert not vouches(old.current.public, document(stolen), NOW)
    assert not vouches(old.current.public, document(thief), NOW)
    honest = rotate(old, ACTOR, NOW)
    (statement,) = honest.rotations
    swapped = {**statement, "vil:keys": list(thief.current.public)}
    assert not vouches(old.current.public, {**document(thief), ROTATIONS: [swapped]}, NOW)
    elsewhere = rotate(old, "https://other.example/actor", NOW)
    assert not vouches(old.current.public, {**document(elsewhere), ROTATIONS: list(elsewhere.rotations)}, NOW)


@pytest.mark.parametrize(
    "statements",
    [
        None,
        "x",
        [None],
        [{"actor": ACTOR}],
        [{"actor": ACTOR, "type": "vil:KeyRotation"}],
        [{"actor": ACTOR, "type": "vil:KeyRotation", "vil:keys": ["zx"], "proof": 1}],
    ],
)
def test_odd_statements_are_passed_over(statements: Any) -> None:
    trusted = frozenset(pair("cafe").public)
    assert follow(trusted, {"id": ACTOR, ROTATIONS: statements}, NOW) == trusted
