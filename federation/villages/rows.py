"""Rows of villages and their members, made and found by their natural names."""

import re
import unicodedata
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from federation.models.villages import Village, VillageMember
from federation.villages.terms import Roster
from kit import clock

LONGEST_SLUG: Final = 60


def slug_of(name: str) -> str:
    """ "Val d’Ouvette" becomes "val-d-ouvette"."""
    spaced = unicodedata.normalize("NFKD", name.replace("’", " ").replace("'", " "))
    plain = spaced.encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_SLUG]


def new_village(session: Session, uri: str, slug: str, roster: Roster, state: str) -> Village:
    """A village seen for the first time."""
    village = Village(
        uri=uri,
        id=uuid5(NAMESPACE_URL, uri),
        slug=slug,
        name=roster.name,
        founder=roster.founder,
        charter=roster.charter,
        epoch=roster.epoch,
        state=state,
        request_id="",
        roster={},
        since=clock.now(),
        changed_at=clock.now(),
    )
    session.add(village)
    session.flush()
    return village


def free_slug(session: Session, wished: str) -> str:
    """`wished`, or with a number where another village is called so here."""
    slug, number = wished[:LONGEST_SLUG] or "village", 1
    while session.scalar(select(Village.uri).where(Village.slug == slug)) is not None:
        number += 1
        slug = f"{wished[:LONGEST_SLUG]}-{number}"
    return slug


def set_member(session: Session, village: Village, actor: str, state: str, request: str = "") -> None:
    """Note what a node is to a village now."""
    member = session.get(VillageMember, (village.uri, actor))
    if member is None:
        member = VillageMember(village_uri=village.uri, actor_uri=actor, request_id="", since=clock.now())
        session.add(member)
    member.state, member.request_id = state, request or member.request_id
