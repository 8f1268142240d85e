"""The back office's tags: listed, written with a drawing, merged, deleted when no event wears them."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from starlette.responses import Response

from agenda.models.tag import Tag
from agenda.pages.places import Into
from agenda.pictograms import PICTURES
from agenda.queries.desk import tags_with_use
from agenda.queries.finding import own_tags, tag_by_id
from agenda.schemas import TagValues
from agenda.service.tags import create_tag, delete_tag, edit_tag, merge_tag
from kit.errors import Refusal
from kit.i18n import _
from kit.web import Call, flow, page, read

EDIT = "agenda.edit"


@read
def tags(call: Call, session: Session) -> Response:
    """All tags and how many events wear each."""
    return call.page("agenda/tags.html", tags=tags_with_use(session))


@read
def new_tag(call: Call, session: Session) -> Response:
    """An empty form."""
    return _form(call, session, None, {})


@read
def tag(call: Call, session: Session) -> Response:
    """The form of a tag. Raises NoSuchTag."""
    found = tag_by_id(session, call.path["id"])
    return _form(call, session, found, _values(found))


@flow
def create(call: Call) -> Response:
    """Add a tag."""
    try:
        values = call.form(TagValues)
        call.app.db.write(lambda session: create_tag(session, call.principal, values))
    except Refusal as refusal:
        return _again(call, None, refusal)
    return call.see_other("agenda.admin.tags", notice=_("It is saved."))


@flow
def change(call: Call) -> Response:
    """Change a tag, or take over one of the village."""
    tag_id: UUID = call.path["id"]
    try:
        values = call.form(TagValues)
        call.app.db.write(lambda session: edit_tag(session, call.principal, tag_id, values))
    except Refusal as refusal:
        return _again(call, tag_id, refusal)
    return call.see_other("agenda.admin.tags", notice=_("It is saved."))


@flow
def merge(call: Call) -> Response:
    """Events that wear it wear another one."""
    into = call.form(Into).into
    call.app.db.write(lambda session: merge_tag(session, call.principal, call.path["id"], into))
    return call.see_other("agenda.admin.tags", notice=_("The tags are merged."))


@flow
def delete(call: Call) -> Response:
    """Take a tag away that no event wears."""
    try:
        call.app.db.write(lambda session: delete_tag(session, call.principal, call.path["id"]))
    except Refusal as refusal:
        return _again(call, call.path["id"], refusal)
    return call.see_other("agenda.admin.tags", notice=_("The tag is deleted."))


def _values(found: Tag) -> dict[str, Any]:
    return {"name": found.name, "icon": found.icon, "colour": found.colour}


def _again(call: Call, tag_id: UUID | None, refusal: Refusal) -> Response:
    with call.app.db.read() as session:
        found = tag_by_id(session, tag_id) if tag_id else None
        kept = _values(found) if found else {}
        return _form(call, session, found, kept | call.form_values(), refusal)


def _form(
    call: Call, session: Session, found: Tag | None, values: dict[str, Any], refusal: Refusal | None = None
) -> Response:
    return call.page(
        "agenda/tag.html",
        status=refusal.status if refusal else 200,
        tag=found,
        values={"name": "", "icon": "star", "colour": "accent", **values},
        others=[(str(one.id), one.name) for one in own_tags(session) if found and one.id != found.id],
        pictures=sorted(PICTURES),
        errors=refusal.fields if refusal else {},
        sentence=refusal.sentence if refusal else "",
    )


DOORS = (
    page("GET", "/admin/tags", "agenda.admin.tags", tags, needs=EDIT),
    page("GET", "/admin/tags/new", "agenda.admin.tag_new", new_tag, needs=EDIT),
    page("POST", "/admin/tags/new", "agenda.admin.tag_create", create, needs=EDIT),
    page("GET", "/admin/tags/{id:uuid}", "agenda.admin.tag", tag, needs=EDIT),
    page("POST", "/admin/tags/{id:uuid}", "agenda.admin.tag_change", change, needs=EDIT),
    page("POST", "/admin/tags/{id:uuid}/merge", "agenda.admin.tag_merge", merge, needs=EDIT),
    page("POST", "/admin/tags/{id:uuid}/delete", "agenda.admin.tag_delete", delete, needs=EDIT),
)
