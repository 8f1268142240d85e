"""The words of a village: its Group document, its roster, the activities around them.

The Group never speaks: its founding node signs for it. What it says is a list, kept by every member.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from federation.documents.context import activity_context
from federation.reading import id_of
from federation.urls import same_origin, web_url

MOST_MEMBERS: Final = 500
LONGEST_NAME: Final = 120
LONGEST_CHARTER: Final = 20_000


@dataclass(frozen=True)
class Roster:
    """Who is in a village at one epoch, as its founder says."""

    village: str
    name: str
    founder: str
    charter: str
    epoch: int
    members: tuple[str, ...]


def roster_document(roster: Roster) -> dict[str, Any]:
    """The `members` collection, complete."""
    return {
        "type": "OrderedCollection",
        "id": f"{roster.village}/members",
        "attributedTo": roster.founder,
        "name": roster.name,
        "vil:village": roster.village,
        "vil:epoch": roster.epoch,
        "vil:charter": roster.charter,
        "vil:charterHash": charter_hash(roster.charter),
        "totalItems": len(roster.members),
        "orderedItems": list(roster.members),
    }


def read_roster(document: Mapping[str, Any]) -> Roster | None:
    """A roster as it came; None when a part is missing, too long, or not at its founder's origin."""
    village, founder = web_url(document.get("vil:village")), id_of(document.get("attributedTo"))
    epoch, items = document.get("vil:epoch"), document.get("orderedItems")
    if village is None or founder is None or not same_origin(village, founder):
        return None
    if not isinstance(epoch, int) or isinstance(epoch, bool) or not isinstance(items, list):
        return None
    members = tuple(dict.fromkeys(uri for uri in map(id_of, items) if uri and web_url(uri)))
    if not 0 < epoch < 2**31 or len(members) > MOST_MEMBERS:
        return None
    name, charter = (
        _text(document.get("name"), LONGEST_NAME),
        _text(document.get("vil:charter"), LONGEST_CHARTER),
    )
    return Roster(village, name, founder, charter, epoch, members)


def group(village: str, name: str, founder: str, charter: str = "") -> dict[str, Any]:
    """The village inside an invitation or a request."""
    return {"type": "Group", "id": village, "name": name, "attributedTo": founder, "vil:charter": charter}


def activity(kind: str, own: str, to: Sequence[str], body: Any, **more: Any) -> dict[str, Any]:
    """One activity about a village."""
    return {
        "@context": activity_context(),
        "type": kind,
        "actor": own,
        "to": list(to),
        "object": body,
        **more,
    }


def charter_hash(charter: str) -> str:
    """SHA-256 of the charter, in hexadecimal: what members agreed to."""
    return hashlib.sha256(charter.encode()).hexdigest()


def _text(value: Any, longest: int) -> str:
    return value[:longest] if isinstance(value, str) else ""
