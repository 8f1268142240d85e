"""Three nodes of one village, in memory: what the tests of villages share."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from federation.models.villages import Village
from federation.villages import rosters, service
from federation.villages.terms import Roster
from tests.factories.neighbours import Neighbour

Make = Callable[..., Neighbour]
VAL = "https://cafe.example/villages/val"
Three = tuple[Neighbour, Neighbour, Neighbour]


def state(node: Neighbour) -> str:
    """What the node is to the village; "" when it never heard of it."""
    found = node.find(Village, VAL)
    return found.state if found else ""


def ask_in(session: Session, guest: Neighbour, founder: Neighbour, uri: str = VAL) -> None:
    """The guest asks to join, knowing nothing but the village's address."""
    found = rosters.know(session, Roster(uri, "Val", founder.actor, "", 0, ()), "known")
    service.join(session, guest.standing, found)
