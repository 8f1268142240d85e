"""The door of the ledger: whom it hears, whom it refuses and by which name; nothing is kept on a no."""

import json
from datetime import timedelta
from uuid import UUID

import pytest

from federation.actors.keys import RETIRED
from federation.blocks import block
from federation.inbox.flood import Flood
from federation.models.actors import ActorKey
from federation.models.peers import PAUSED, Peer
from federation.rotation import ROTATIONS, state_rotation
from federation.signatures import cavage
from federation.signatures.algorithms import SigningKey
from federation.signatures.message import Message
from kit import clock
from tests.factories.signers import pair
from tests.federation.running import Running, wait_for
from tests.wallet.village.talking import JSON, Talk, Talker, befriend
from wallet.between.envelope import check, evidence_of, read_evidence
from wallet.between.packing import MOST_BYTES, MOST_ITEMS
from wallet.between.times import CLOCK
from wallet.federated.door import Porter, porter_of
from wallet.federated.quota import BURST, Quota
from wallet.federated.voice import now_ms, voice_of

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)

ITEM = b'{"t":"charge","amount":450}'
UNTOUCHED = ("rate_mark", "remote_actor", "fetch_failure")
"""What may change when a peer's keys are read again."""


def test_a_peer_is_heard_and_answered_in_the_same_exchange(here: Running, peer: Talker, talk: Talk) -> None:
    talk.engine.answer = lambda said: [b"heard " + item for item in said.items]
    status, body = peer.says(here, ITEM, b"and more")
    assert status == 200
    answer = peer.opens(body, here)
    assert answer.items == (b"heard " + ITEM, b"heard and more")
    assert (answer.peer, answer.to) == (here.url, peer.url)
    (said,) = talk.engine.heard
    assert (said.peer, said.to, said.items) == (peer.url, here.url, (ITEM, b"and more"))


def test_the_rsa_key_may_sign_the_request_too(here: Running, peer: Talker, talk: Talk) -> None:
    key = peer.ring.http_key(peer.actor)
    assert here.send(peer.posting(here, peer.letter(here.url, ITEM), key=key))[0] == 200
    assert talk.engine.items == [ITEM]


def test_the_same_envelope_again_is_heard_again(here: Running, peer: Talker, talk: Talk) -> None:
    """Ids inside the items make repeats harmless; the transport does not count."""
    message = peer.posting(here, peer.letter(here.url, ITEM))
    statuses = [here.ask("POST", message.target, message.headers, message.body)[0] for _ in range(3)]
    assert statuses == [200] * 3
    assert talk.engine.items == [ITEM] * 3


def test_a_paused_peer_is_heard(here: Running, stranger: Talker, talk: Talk) -> None:
    befriend(here, stranger.document(), PAUSED)
    assert stranger.says(here, ITEM)[0] == 200
    assert talk.engine.items == [ITEM]


def test_answers_beyond_one_envelope_follow_in_ours(here: Running, peer: Talker, talk: Talk) -> None:
    answers = [str(number).encode() for number in range(MOST_ITEMS + 5)]
    talk.engine.answer = lambda said: answers if said.items == (ITEM,) else ()
    _, body = peer.says(here, ITEM)
    assert list(peer.opens(body, here).items) == answers[:MOST_ITEMS]
    wait_for(lambda: bool(peer.bodies))
    assert list(peer.opens(peer.bodies[0], here).items) == answers[MOST_ITEMS:]


def test_an_answer_that_no_envelope_holds_is_left_out(here: Running, peer: Talker, talk: Talk) -> None:
    talk.engine.answer = lambda _said: [b"x" * MOST_BYTES]
    status, body = peer.says(here, ITEM)
    assert (status, peer.opens(body, here).items) == (200, ())


class TestWithoutAnEngine:
    @pytest.fixture
    def talk(self) -> Talk:
        return Talk(is_deaf=True)

    def test_the_door_is_busy(self, here: Running, peer: Talker) -> None:
        message = peer.posting(here, peer.letter(here.url, ITEM))
        status, headers, body = here.ask("POST", message.target, message.headers, message.body)
        assert (status, json.loads(body)["type"].rpartition("/")[2]) == (503, "busy")
        assert int(headers["retry-after"]) > 0
        status, _, _ = here.ask("POST", "/federation/ledger", [("Content-Type", JSON)], b"{}")
        assert status == 401


def refused(here: Running, talk: Talk, message: Message, *untouched: str) -> tuple[int, str]:
    """What the door answers; nobody heard it and nothing was stored."""
    before = here.tables(*untouched)
    answer = here.send(message)
    assert talk.engine.heard == []
    assert here.tables(*untouched) == before
    return answer


def test_unsigned(here: Running, peer: Talker, talk: Talk) -> None:
    body = peer.letter(here.url, ITEM)
    bare = Message("POST", f"{here.url}/federation/ledger", (("Content-Type", JSON),), body)
    assert refused(here, talk, bare) == (401, "unsigned")


def test_the_older_style_of_signing(here: Running, peer: Talker, talk: Talk) -> None:
    body = peer.letter(here.url, ITEM)
    bare = Message("POST", f"{here.url}/federation/ledger", (("Content-Type", JSON),), body)
    signed = bare.with_headers(cavage.sign(bare, peer.ring.http_key(peer.actor), clock.now()))
    assert refused(here, talk, signed) == (401, "unsigned")


def test_a_stranger(here: Running, stranger: Talker, talk: Talk) -> None:
    message = stranger.posting(here, stranger.letter(here.url, ITEM))
    assert refused(here, talk, message) == (403, "not_a_peer")
    assert stranger.asked == []


def test_a_key_id_that_is_no_address(here: Running, peer: Talker, talk: Talk) -> None:
    key = SigningKey("nobody", peer.keys.ed25519)
    assert refused(here, talk, peer.posting(here, b"{}", key=key)) == (403, "not_a_peer")


def test_a_blocked_peer(here: Running, peer: Talker, talk: Talk) -> None:
    here.app.db.write(lambda session: block(session, peer.url))
    message = peer.posting(here, peer.letter(here.url, ITEM))
    assert refused(here, talk, message) == (403, "blocked")
    assert peer.asked == []


def test_a_peering_that_ended(here: Running, peer: Talker, talk: Talk) -> None:
    here.app.db.write(lambda session: session.delete(session.get(Peer, peer.actor)))
    message = peer.posting(here, peer.letter(here.url, ITEM))
    assert refused(here, talk, message) == (403, "not_a_peer")


def test_an_envelope_of_another_peer(here: Running, peer: Talker, stranger: Talker, talk: Talk) -> None:
    """A peer carries its own words only, even true ones of another peer."""
    befriend(here, stranger.document())
    body = stranger.letter(here.url, ITEM)
    answer = refused(here, talk, peer.posting(here, body), *UNTOUCHED)
    assert answer == (401, "unknown_key")


def test_an_envelope_in_another_name(here: Running, peer: Talker, stranger: Talker, talk: Talk) -> None:
    body = peer.letter(here.url, ITEM, sender=stranger.url)
    assert refused(here, talk, peer.posting(here, body)) == (401, "other_actor")


def test_a_request_signed_by_another_key(here: Running, peer: Talker, talk: Talk) -> None:
    forged = SigningKey(peer.ring.proof_key(peer.actor).id, pair("stranger").ed25519)
    message = peer.posting(here, peer.letter(here.url, ITEM), key=forged)
    assert refused(here, talk, message, *UNTOUCHED) == (401, "bad_signature")
    assert peer.asked == [("GET", "/actor")]


def test_an_envelope_sealed_by_another_key(here: Running, peer: Talker, talk: Talk) -> None:
    right = peer.ring.proof_key(peer.actor)
    forged = SigningKey(right.id, pair("stranger").ed25519)
    message = peer.posting(here, peer.letter(here.url, ITEM, key=forged))
    assert refused(here, talk, message, *UNTOUCHED) == (401, "bad_signature")


def test_an_envelope_under_the_rsa_key(here: Running, peer: Talker, talk: Talk) -> None:
    body = peer.letter(here.url, ITEM, kid=peer.ring.http_key(peer.actor).id)
    assert refused(here, talk, peer.posting(here, body), *UNTOUCHED) == (401, "unknown_key")


def test_a_revoked_key(here: Running, peer: Talker, talk: Talk) -> None:
    """Retired since another key replaced it, and no longer shown by the peer."""
    key_id = peer.ring.proof_key(peer.actor).id

    def retire(session: object) -> None:
        for row in session.query(ActorKey).filter_by(key_id=key_id):  # type: ignore[attr-defined]
            row.state, row.retired_at = RETIRED, clock.now()

    here.app.db.write(retire)
    peer.documents["/actor"] = peer.document(assertionMethod=[])
    by_rsa = peer.ring.http_key(peer.actor)
    for key in (None, by_rsa):
        message = peer.posting(here, peer.letter(here.url, ITEM), key=key)
        assert refused(here, talk, message, *UNTOUCHED) == (401, "unknown_key")


def test_a_body_changed_on_the_way(here: Running, peer: Talker, talk: Talk) -> None:
    message = peer.posting(here, peer.letter(here.url, ITEM))
    changed = Message(message.method, message.url, message.headers, message.body[:-1] + b" }")
    assert refused(here, talk, changed) == (401, "wrong_digest")


def test_an_envelope_for_another_node(here: Running, peer: Talker, talk: Talk) -> None:
    message = peer.posting(here, peer.letter("https://elsewhere.example", ITEM))
    assert refused(here, talk, message) == (400, "not_for_us")


def test_another_content_type(here: Running, peer: Talker, talk: Talk) -> None:
    message = peer.posting(here, peer.letter(here.url, ITEM), kind="application/activity+json")
    assert refused(here, talk, message) == (415, "unsupported_media")


@pytest.mark.parametrize(
    ("body", "status", "name"),
    [
        (b"{" * 1000, 400, "malformed"),
        (b'{"v":1,"a":' + b"[" * 100 + b"]" * 100 + b"}", 400, "malformed"),
        (b'{"v":1.5}', 400, "malformed"),
        (b'{"v":1,"v":1}', 400, "malformed"),
        (b'{"v":2}', 400, "unsupported_version"),
        (b"[]", 400, "malformed"),
        (b"x" * (MOST_BYTES + 1), 413, "too_large"),
    ],
    ids=["brackets", "deep", "float", "twice", "version", "list", "large"],
)
def test_what_is_no_envelope(
    here: Running, peer: Talker, talk: Talk, body: bytes, status: int, name: str
) -> None:
    assert refused(here, talk, peer.posting(here, body)) == (status, name)


def test_too_many_items(here: Running, peer: Talker, talk: Talk) -> None:
    data = json.loads(peer.letter(here.url))
    body = json.dumps(data | {"items": [{"p": ""}] * (MOST_ITEMS + 1)}).encode()
    assert refused(here, talk, peer.posting(here, body)) == (413, "too_many")


def test_an_item_taken_out(here: Running, peer: Talker, talk: Talk) -> None:
    data = json.loads(peer.letter(here.url, ITEM))
    body = json.dumps(data | {"items": []}).encode()
    assert refused(here, talk, peer.posting(here, body)) == (401, "other_hash")


@pytest.mark.parametrize(("hours", "is_heard"), [(-25, False), (-23, True), (23, True), (25, False)])
def test_clocks(here: Running, peer: Talker, talk: Talk, hours: int, is_heard: bool) -> None:
    at = clock.now() + timedelta(hours=hours)
    message = peer.posting(here, peer.letter(here.url, ITEM), at=at)
    assert here.send(message) == ((200, "") if is_heard else (401, "outside_clock"))
    assert bool(talk.engine.heard) == is_heard


def test_an_envelope_of_yesterday(here: Running, peer: Talker, talk: Talk) -> None:
    message = peer.posting(here, peer.letter(here.url, ITEM, at=now_ms() - CLOCK - 1000))
    assert refused(here, talk, message) == (401, "stale")


def test_a_flood_of_items_never_reaches_the_engine(here: Running, peer: Talker, talk: Talk) -> None:
    here.app.ports.give(Porter, Porter(voice_of(here.app), quota=Quota(lambda: 0.0)))
    letter = peer.letter(here.url, *[b"x"] * MOST_ITEMS)
    statuses = []
    for _ in range(BURST // MOST_ITEMS + 3):
        message = peer.posting(here, letter)
        status, headers, _ = here.ask("POST", message.target, message.headers, message.body)
        statuses.append(status)
    assert statuses == [200] * (BURST // (MOST_ITEMS + 1)) + [429] * 3
    assert int(headers["retry-after"]) == 1
    assert len(talk.engine.items) == MOST_ITEMS * statuses.count(200)


def test_one_peer_s_flood_leaves_the_others_alone(here: Running, peer: Talker, stranger: Talker) -> None:
    befriend(here, stranger.document())
    here.app.ports.give(Porter, Porter(voice_of(here.app), quota=Quota(lambda: 0.0)))
    porter_of(here.app).quota.take(peer.url, BURST)
    assert peer.says(here, ITEM)[0] == 429
    assert stranger.says(here, ITEM)[0] == 200


def test_too_many_at_once_is_busy(here: Running, peer: Talker, talk: Talk) -> None:
    flood: Flood = porter_of(here.app).flood
    flood._in_progress = 10_000
    assert refused(here, talk, peer.posting(here, peer.letter(here.url, ITEM))) == (503, "busy")


def test_evidence_for_whom_it_concerns(here: Running, peer: Talker, stranger: Talker, talk: Talk) -> None:
    befriend(here, stranger.document())
    peer.says(here, ITEM, b"another")
    item = UUID(int=7)
    talk.engine.shown[peer.url, item] = evidence_of(talk.engine.heard[0], 0)
    path = f"/federation/evidence/{item}"
    asked = peer.posting(here, b"", method="GET", path=path)
    status, headers, body = here.ask("GET", asked.target, asked.headers)
    assert (status, headers["content-type"], headers["cache-control"]) == (200, JSON, "no-store")
    shown = read_evidence(body)
    assert shown.item == ITEM
    check(shown, lambda _kid, signed, sig: peer.keys.ed25519.public_key().verify(sig, signed) is None)
    for other, place in ((stranger, path), (peer, "/federation/evidence/not-an-id")):
        asked = other.posting(here, b"", method="GET", path=place)
        assert here.ask("GET", asked.target, asked.headers)[0] == 404
    assert here.ask("GET", path)[0] == 401


def test_a_key_that_was_replaced_is_read_again_once(here: Running, peer: Talker, talk: Talk) -> None:
    """The new key counts when the old one signed it, as for every message of a villager."""
    old, new = peer.ring, pair("other")
    statement = state_rotation(old.proof_key(peer.actor), peer.actor, new.public, clock.now())
    peer.keys = new
    peer.documents["/actor"] = peer.document(**{ROTATIONS: [statement]})
    assert peer.says(here, ITEM)[0] == 200
    assert peer.asked == [("GET", "/actor")]
    assert talk.engine.items == [ITEM]
