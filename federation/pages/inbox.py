"""POST /inbox: verified, stored, 202; nothing is kept on a no."""

from starlette.responses import Response

from federation.blocks import Blocked
from federation.exchange import exchange_of
from federation.inbox.acceptance import ProofMissing
from federation.inbox.storing import ContentChanged, Replayed
from federation.refusals import MessageTooLarge, NotUnderstood, SignatureRefused, WrongContentType
from federation.signatures.asked import message_of
from kit.errors import Busy, TooManyRequests
from kit.web import Call, Door, flow, protocol

REFUSALS = (
    SignatureRefused,
    Blocked,
    MessageTooLarge,
    NotUnderstood,
    WrongContentType,
    ContentChanged,
    ProofMissing,
    Replayed,
    TooManyRequests,
    Busy,
)


@flow
async def receive(call: Call) -> Response:
    """The inbox, shared inbox, and that of the villages founded here: recipients are our own business."""
    await exchange_of(call.app).acceptance.accept(message_of(call), call.client)
    return Response(status_code=202)


def _door(path: str, name: str) -> Door:
    return protocol(
        "POST", path, name, receive, status=202, refusals=REFUSALS, summary="Takes one signed activity."
    )


DOORS = (
    _door("/inbox", "federation.inbox"),
    _door("/villages/{slug}/inbox", "federation.village_inbox"),
)
