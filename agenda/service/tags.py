"""Tags: kept by the collective, worn by events."""

from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, select, update
from sqlalchemy.orm import Session

from agenda.models.event import Event
from agenda.models.tag import EventTag, Tag
from agenda.pictograms import PICTURES, guess
from agenda.queries.finding import tag_by_id
from agenda.refusals import NameTaken, TagInUse
from agenda.rules import check_tag
from agenda.schemas import TagValues
from agenda.service.audit import note
from agenda.service.derived import touch
from agenda.service.retelling import retell
from agenda.words import slugify
from kit.auth import Principal
from kit.ids import new_id


def create_tag(session: Session, by: Principal, values: TagValues) -> Tag:
    """Add a tag, or take over one that only came with received events. Raises NameTaken, Invalid."""
    check_tag(values, PICTURES)
    slug = slugify(values.name)
    tag = session.scalars(select(Tag).where(Tag.slug == slug)).one_or_none()
    if tag is not None and tag.is_own:
        raise NameTaken
    if tag is None:
        tag = Tag(id=new_id(), slug=slug)
        session.add(tag)
    _write(tag, values)
    tag.is_own = True
    session.flush()
    note(session, by, "tag.created", f"tag:{tag.id}", tag.name)
    touch(session)
    return tag


def edit_tag(session: Session, by: Principal, tag_id: UUID, values: TagValues) -> Tag:
    """Change name, picture, colour. Its address follows its name. Raises NoSuchTag, NameTaken, Invalid."""
    check_tag(values, PICTURES)
    tag = tag_by_id(session, tag_id)
    slug = slugify(values.name)
    if session.scalar(select(Tag.id).where(Tag.slug == slug, Tag.id != tag.id)) is not None:
        raise NameTaken
    _write(tag, values)
    tag.slug, tag.is_own = slug, True
    retell(session, _wearing(tag.id))
    note(session, by, "tag.edited", f"tag:{tag.id}", tag.name)
    touch(session)
    return tag


def merge_tag(session: Session, by: Principal, tag_id: UUID, into_id: UUID) -> Tag:
    """Every event that wears the first tag wears the second one; the first disappears. Raises NoSuchTag."""
    tag, into = tag_by_id(session, tag_id), tag_by_id(session, into_id)
    if tag is into:
        return into
    both = select(EventTag.event_id).where(EventTag.tag_id == into.id)
    session.execute(delete(EventTag).where(EventTag.tag_id == tag.id, EventTag.event_id.in_(both)))
    session.execute(update(EventTag).where(EventTag.tag_id == tag.id).values(tag_id=into.id))
    session.delete(tag)
    retell(session, _wearing(into.id))
    note(session, by, "tag.merged", f"tag:{into.id}", f"{tag.name} → {into.name}")
    touch(session)
    return into


def delete_tag(session: Session, by: Principal, tag_id: UUID) -> None:
    """Raises TagInUse while an event wears it, NoSuchTag."""
    tag = tag_by_id(session, tag_id)
    if session.scalar(select(exists().where(EventTag.tag_id == tag.id))):
        raise TagInUse
    session.delete(tag)
    note(session, by, "tag.deleted", f"tag:{tag.id}", tag.name)
    touch(session)


def wear(session: Session, event: Event, names: list[str], *, own: bool, icons: dict[str, str]) -> list[str]:
    """Let `event` wear exactly these tags, in this order; unknown ones are made. Returns their names."""
    wanted = {_slug(name): name.strip().lstrip("#") for name in reversed(names)}
    wanted = {slug: wanted[slug] for slug in map(_slug, names)}
    wanted.pop("", None)
    known = {tag.slug: tag for tag in session.scalars(select(Tag).where(Tag.slug.in_(wanted)))}
    for slug, name in wanted.items():
        if slug not in known:
            known[slug] = _new_tag(session, slug, name, own=own, icon=icons.get(slug, ""))
        known[slug].is_own = known[slug].is_own or own
    _replace(session, event, [known[slug].id for slug in wanted])
    return [known[slug].name for slug in wanted]


def _wearing(tag_id: UUID) -> ColumnElement[bool]:
    return Event.id.in_(select(EventTag.event_id).where(EventTag.tag_id == tag_id))


def _slug(name: str) -> str:
    return slugify(name, "")


def _new_tag(session: Session, slug: str, name: str, *, own: bool, icon: str) -> Tag:
    picture = icon if icon in PICTURES else guess(slug)
    tag = Tag(id=new_id(), name=name, slug=slug, icon=picture, colour="accent", is_own=own)
    session.add(tag)
    return tag


def _replace(session: Session, event: Event, tag_ids: list[UUID]) -> None:
    session.flush()
    session.execute(delete(EventTag).where(EventTag.event_id == event.id))
    session.add_all(
        EventTag(event_id=event.id, tag_id=tag_id, position=position)
        for position, tag_id in enumerate(tag_ids)
    )
    session.flush()


def _write(tag: Tag, values: TagValues) -> None:
    tag.name, tag.icon, tag.colour = values.name.strip(), values.icon, values.colour
