"""Pages from Jinja templates: translated, escaped, with the few names every page may use."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kit import drawings
from kit.assets import static
from kit.i18n import gettext, language, ngettext
from kit.picture_words import picture_words

if TYPE_CHECKING:
    from kit.features import MenuEntry
    from kit.web.call import Call

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"


class Templates:
    """The templates of the house, with the globals given by the roof."""

    def __init__(self, menu: Sequence["MenuEntry"], extra: Mapping[str, Any] | None = None) -> None:
        self._menu = menu
        self.environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        )
        self.environment.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
        self.environment.globals.update(static=static, **DRAWINGS, **(extra or {}))
        self.environment.filters.update(FILTERS)

    def render(self, template: str, call: "Call", context: Mapping[str, Any]) -> str:
        """The page's HTML for this call."""
        common = {
            "call": call,
            "principal": call.principal,
            "collective": call.collective,
            "url": call.url,
            "menu": lambda place: self._entries(call, place),
            "notice": call.notice,
        }
        return self.environment.get_template(template).render(common | dict(context))

    def text(self, template: str, context: Mapping[str, Any]) -> str:
        """A template that needs no call: a mail, a feed."""
        return self.environment.get_template(template).render(context)

    def _entries(self, call: "Call", place: str) -> list[dict[str, Any]]:
        path = call.request.url.path
        shown = [entry for entry in self._menu if entry.place == place and _is_open(call, entry)]
        addresses = {entry.door: call.url(entry.door) for entry in shown}
        best = max((href for href in addresses.values() if _leads_to(href, path)), key=len, default="")
        return [
            {
                "title": entry.title,
                "href": addresses[entry.door],
                "icon": entry.icon,
                "current": addresses[entry.door] == best,
                "badge": call.badges.get(entry.door, 0),
            }
            for entry in shown
        ]


def _is_open(call: "Call", entry: "MenuEntry") -> bool:
    if call.app.house.feature_of_door.get(entry.door) in call.features_off.names:
        return False
    if entry.needs == "public":
        return True
    return call.principal.is_signed_in and (entry.needs == "signed_in" or call.principal.may(entry.needs))


def _leads_to(href: str, path: str) -> bool:
    return path == href or (href not in {"/", "/admin"} and path.startswith(href + "/"))


def _zone(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone))


def at(moment: datetime, zone: str) -> datetime:
    """The same instant on a clock of that time zone."""
    return _zone(moment, zone)


def full_day(moment: datetime, zone: str = "UTC") -> str:
    """ "samedi 21 novembre 2026", "Saturday 21 November 2026"."""
    pattern = "EEEE d MMMM y"
    return format_date(_zone(moment, zone).date(), pattern, locale=language())


def day_and_month(moment: datetime, zone: str = "UTC") -> str:
    """ "samedi 21 novembre" without the year, for lists where the year is plain."""
    return format_date(_zone(moment, zone).date(), "EEEE d MMMM", locale=language())


def hour(moment: datetime, zone: str = "UTC") -> str:
    """ "20 h 30" in French, "8:30 pm" in English."""
    local = _zone(moment, zone)
    if language() == "fr":
        return f"{local.hour} h {local.minute:02d}"
    return format_time(local.time(), "h:mm a", locale="en").lower().replace(" ", " ")


def short(moment: datetime, pattern: str, zone: str = "UTC") -> str:
    """Any CLDR pattern, in the reader's language."""
    return format_datetime(_zone(moment, zone), pattern, locale=language())


DRAWINGS = {
    "icon": drawings.icon,
    "pennant": drawings.pennant,
    "garland": drawings.garland,
    "plate": drawings.plate,
    "lines": drawings.lines,
    "picture_words": picture_words,
}
FILTERS: dict[str, Callable[..., Any]] = {
    "at": at,
    "day": full_day,
    "day_and_month": day_and_month,
    "hour": hour,
    "moment": short,
}
