"""Taking events out as a table, bringing them in from a file: looked at first, written after."""

from typing import Any

from sqlalchemy.orm import Session
from starlette.responses import Response

from agenda.feeds.table import COLUMNS, FileNotReadable, read_file, table
from agenda.queries.listing import all_own
from agenda.service.importing import add_drafts
from kit.errors import Refusal
from kit.i18n import ngettext
from kit.web import Call, flow, page, read

EDIT = "agenda.edit"
LARGEST = 4 << 20


@read
def as_table(_call: Call, session: Session) -> Response:
    """All own events as CSV."""
    body = b"".join(table(all_own(session)))
    headers = {"content-disposition": 'attachment; filename="events.csv"', "cache-control": "no-store"}
    return Response(body, media_type="text/csv", headers=headers)


@read
def ask_file(call: Call, _session: Session) -> Response:
    """Which file?"""
    return _page(call)


@flow
def look(call: Call) -> Response:
    """What the file holds, before anything is written."""
    upload = call.file("file")
    try:
        if upload is None:
            raise FileNotReadable
        return _show(call, upload.data.decode("utf-8-sig", "replace"))
    except Refusal as refusal:
        return _page(call, refusal)


@flow
def bring(call: Call) -> Response:
    """Write the events that were looked at, as drafts."""
    text = call.form_values().get("text", "")
    try:
        lines = read_file(text.encode(), call.collective.timezone)
        good = [line.values for line in lines if line.values is not None]
        added = call.app.db.write(lambda session: add_drafts(session, call.principal, good))
    except Refusal as refusal:
        return _page(call, refusal)
    words = ngettext("{count} event was added as a draft.", "{count} events were added as drafts.", added)
    return call.see_other("agenda.admin.events", tab="drafts", notice=words.format(count=added))


def _show(call: Call, text: str) -> Response:
    lines = read_file(text.encode(), call.collective.timezone)
    good = sum(line.values is not None for line in lines)
    return _page(call, lines=lines, good=good, bad=len(lines) - good, text=text)


def _page(call: Call, refusal: Refusal | None = None, **found: Any) -> Response:
    usual = {"lines": [], "good": 0, "bad": 0, "text": "", "columns": COLUMNS, "errors": {}}
    return call.page(
        "agenda/import.html",
        status=refusal.status if refusal else 200,
        **{**usual, "sentence": refusal.sentence if refusal else "", **found},
    )


DOORS = (
    page("GET", "/admin/events.csv", "agenda.admin.csv", as_table, needs=EDIT),
    page("GET", "/admin/events/import", "agenda.admin.import", ask_file, needs=EDIT),
    page("POST", "/admin/events/import", "agenda.admin.import_preview", look, needs=EDIT, max_body=LARGEST),
    page(
        "POST", "/admin/events/bring", "agenda.admin.import_confirm", bring, needs=EDIT, max_body=LARGEST * 2
    ),
)
