"""Signs of life: a villager that was away and asks for our outbox gets at once what waits for it."""

from sqlalchemy.orm import Session

from federation.discovery.directory import read_signer
from federation.exchange import exchange_of
from federation.peer_keys import among
from federation.refusals import MessageRefused, SignatureRefused
from federation.signatures.asked import message_of
from federation.signatures.verify import VILLAGERS, read_claim, verify_request
from federation.urls import origin
from kit import clock
from kit.web import Call


def note_life(call: Call, session: Session) -> None:
    """When a signed GET comes from an origin that did not answer lately, deliver to it again.

    Anyone may ask unsigned; only a signature by a known key counts.
    """
    exchange = exchange_of(call.app)
    if not exchange.delivery.is_failing_any:
        return
    try:
        message = message_of(call)
        signer = read_signer(session, read_claim(message).key_id)
        verified = verify_request(message, among(signer.keys), window=VILLAGERS, now=clock.now())
    except (SignatureRefused, MessageRefused):
        return
    exchange.delivery.on_message_from_thread(origin(verified.actor))
