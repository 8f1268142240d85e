"""The collective describes itself: kind, name and texts, look, address; the wizard asks the same."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import available_timezones

import msgspec
from msgspec import Struct
from sqlalchemy.orm import Session
from starlette.responses import Response

from config.collective import Collective
from kit.colour import safe
from kit.drawings import pictures
from kit.errors import NotFound, Refusal
from kit.i18n import Lazy, lazy
from kit.web import Call, flow, page, read
from node import images, service
from node.schemas import AddressForm, KindForm, LookForm, NameForm
from node.words import COUNTRIES, KIND_NAMES, PENNANT_NAMES


@dataclass(frozen=True)
class Part:
    """One group of questions, asked in the wizard and kept in the settings."""

    name: str
    title: Lazy
    icon: str
    shape: type[Struct]
    verb: Lazy


PARTS = (
    Part("kind", lazy("What we are"), "house", KindForm, lazy("Kind of collective changed")),
    Part("name", lazy("Name and texts"), "note-pencil", NameForm, lazy("Name and texts changed")),
    Part("look", lazy("Look"), "palette", LookForm, lazy("Look changed")),
    Part("address", lazy("Address and contact"), "map-pin", AddressForm, lazy("Address changed")),
)
MAX_PICTURE = 13 << 20


def part_named(name: str) -> Part:
    """The part called `name`. Raises NotFound."""
    for part in PARTS:
        if part.name == name:
            return part
    raise NotFound


def show_part(call: Call, part: Part, template: str, refusal: Refusal | None = None, **more: Any) -> Response:
    """The questions of one part, filled with what was sent or what is known."""
    values = msgspec.to_builtins(call.collective) | (call.form_values() if refusal else {})
    return call.page(
        template,
        status=refusal.status if refusal else 200,
        part=part,
        parts=PARTS,
        values=values,
        errors=refusal.fields if refusal else {},
        refusal=refusal,
        kinds=KIND_NAMES,
        countries=COUNTRIES,
        pennants=PENNANT_NAMES,
        pictures=pictures(),
        accent_safe=safe(values["accent"]) if _is_hex(values["accent"]) else safe(call.collective.accent),
        timezones=sorted(available_timezones()) if part.name == "address" else (),
        **more,
    )


def save_part(call: Call, part: Part, **more: Any) -> Collective:
    """Read one part's form, keep its pictures, save. Raises Refusal."""
    changes = msgspec.structs.asdict(call.form(part.shape))
    if part.name == "look":
        changes |= _pictures(call, changes)
    return call.app.db.write(
        lambda session: service.change_collective(session, call.principal, part.verb, **changes, **more)
    )


def _pictures(call: Call, changes: dict[str, Any]) -> dict[str, Any]:
    """The names of the pictures sent with the look; pixels are read before the write, never inside it."""
    kept: dict[str, Any] = {}
    for name, keep in (("logo", images.keep_logo), ("picture", images.keep_wide)):
        sent = call.file(name)
        if sent is not None and sent.data:
            kept[name] = keep(sent.data, call.app.files)
        elif changes.pop(f"remove_{name}"):
            kept[name] = ""
        changes.pop(f"remove_{name}", None)
    return kept


def _is_hex(text: str) -> bool:
    return len(text) == 7 and text.startswith("#") and all(c in "0123456789abcdefABCDEF" for c in text[1:])


@read
def settings_home(call: Call, _session: Session) -> Response:
    """All groups of settings, one row each."""
    return call.page("node/settings.html", parts=PARTS)


@read
def show_settings(call: Call, _session: Session) -> Response:
    """One group of settings."""
    return show_part(call, part_named(call.path["part"]), "node/settings_part.html")


@flow
def save_settings(call: Call) -> Response:
    """Save one group and stay on it."""
    part = part_named(call.path["part"])
    try:
        save_part(call, part)
    except Refusal as refusal:
        return show_part(call, part, "node/settings_part.html", refusal)
    return call.see_other("node.settings_part", part=part.name, notice=SAVED)


SAVED = lazy("It is saved. The site shows it already.")

DOORS = (
    page("GET", "/admin/settings", "node.settings", settings_home, needs="settings.manage"),
    page("GET", "/admin/settings/{part}", "node.settings_part", show_settings, needs="settings.manage"),
    page(
        "POST",
        "/admin/settings/{part}",
        "node.save_settings",
        save_settings,
        needs="settings.manage",
        max_body=2 * MAX_PICTURE,
    ),
)
