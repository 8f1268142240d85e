"""The log also keeps what the team decides about other nodes; federation tells it and knows no person."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from federation.facts import OfficeActed
from kit.facts import Listener
from people.audit import record


def on_office_acted(session: Session, fact: OfficeActed) -> None:
    """One line, in the transaction of the act."""
    record(
        session, fact.by, fact.verb, fact.about, kind=fact.kind, about_id=fact.about_id, details=fact.details
    )


LISTENERS: Mapping[type, tuple[Listener, ...]] = {OfficeActed: (on_office_acted,)}
