"""How this node is found: WebFinger (RFC 7033), NodeInfo 2.0 and 2.1."""

from msgspec import Struct
from msgspec.json import encode
from sqlalchemy.orm import Session
from starlette.responses import Response

from config.collective import Collective
from federation.documents.card import NodeCard
from federation.documents.discovery import JRD_JSON, NODEINFO_JSON, nodeinfo, nodeinfo_index, webfinger
from federation.exchange import exchange_of
from federation.outbox.queries import count_objects
from federation.pages.actor import logo_of
from federation.pages.answers import tagged
from federation.pages.groups import group_names
from kit.choices import read_choice
from kit.errors import BadRequest
from kit.web import Call, protocol, read


class Finger(Struct):
    """What is looked for, and which links are wanted."""

    resource: str = ""
    rel: list[str] = []


@read
def finger(call: Call, session: Session) -> Response:
    """WebFinger: `acct:agenda@host`, the actor's address, the bare origin (FEP-d556)."""
    asked = call.query(Finger)
    if not asked.resource:
        raise BadRequest(cause="no resource")
    jrd = webfinger(_card(call, session), asked.resource, asked.rel, group_names(session))
    return tagged(call, encode(jrd), JRD_JSON, 300)


@read
def index(call: Call, session: Session) -> Response:
    """Where NodeInfo is, and who speaks for this node (FEP-2677)."""
    return tagged(call, encode(nodeinfo_index(_card(call, session))), "application/json", 300)


@read
def info(call: Call, session: Session) -> Response:
    """NodeInfo: which program runs here."""
    version = str(call.path["version"])
    document = nodeinfo(_card(call, session), version, call.absolute("/source"))
    return tagged(call, encode(document), NODEINFO_JSON.format(version=version), 300)


def _card(call: Call, session: Session) -> NodeCard:
    identity = exchange_of(call.app).identity
    return identity.card(read_choice(session, Collective), logo_of(call), count_objects(session))


DOORS = (
    protocol("GET", "/.well-known/webfinger", "federation.webfinger", finger, query=Finger, summary="Who."),
    protocol("GET", "/.well-known/nodeinfo", "federation.nodeinfo", index, summary="Where NodeInfo is."),
    protocol("GET", "/nodeinfo/{version}", "federation.nodeinfo_document", info, summary="NodeInfo."),
)
