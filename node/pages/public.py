"""The collective's home page, help, the source of what runs, and the reader's own preferences."""

from typing import Annotated

import structlog
from msgspec import Meta, Struct
from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.errors import NotFound
from kit.i18n import LANGUAGES
from kit.web import Call, flow, page, protocol, read
from node.coming import cards, facts_of, organisation_json_ld
from node.help import AUDIENCES, help_text
from node.version import commit

log = structlog.get_logger("csp")
YEAR = 365 * 24 * 3600
THEMES = ("day", "evening")
SHOWN_AT_HOME = 6
LocalPath = Annotated[str, Meta(pattern=r"^/([^/\\].*)?$", max_length=500)]


class Preference(Struct):
    """What the reader chose, and the page to go back to."""

    choice: Annotated[str, Meta(max_length=10)]
    back: LocalPath = "/"


@read
def home(call: Call, session: Session) -> Response:
    """Whose house this is, what comes next, where to find it."""
    if not call.collective.set_up:
        return call.page("node/not_ready.html")
    coming = cards(call, session, SHOWN_AT_HOME)
    flags = {(card.origin_shape, card.origin_accent): None for _event, card in coming}
    return call.page(
        "node/home.html",
        coming=coming,
        flags=[(call.collective.pennant, call.collective.accent), *flags],
        facts=facts_of(call.collective),
        json_ld=organisation_json_ld(call),
    )


@read
def help_home(call: Call, _session: Session) -> Response:
    """The four doors of help."""
    return call.page("node/help_home.html", audiences=AUDIENCES)


@read
def help_page(call: Call, _session: Session) -> Response:
    """One page of help. Raises NotFound."""
    audience = next((one for one in AUDIENCES if one.name == call.path["audience"]), None)
    if audience is None:
        raise NotFound
    text = help_text(call.language, audience.name)
    return call.page("node/help.html", audience=audience, audiences=AUDIENCES, text=text)


@read
def source(call: Call, _session: Session) -> Response:
    """Licence and exact version of the running source (AGPL-3.0 §13)."""
    return call.page("node/source.html", commit=commit())


@flow
def choose_language(call: Call) -> Response:
    """Remember the reader's language for a year."""
    return _remember(call, "language", LANGUAGES)


@flow
def choose_theme(call: Call) -> Response:
    """Remember day or evening colours for a year."""
    return _remember(call, "theme", THEMES)


@flow
async def csp_report(call: Call) -> Response:
    """A browser tells that the content policy stopped something: logged, so that tests can fail on it."""
    log.warning("content policy report", report=call.raw_body[:2000].decode("utf-8", "replace"))
    return Response(status_code=204)


def _remember(call: Call, name: str, choices: tuple[str, ...]) -> Response:
    asked = call.form(Preference)
    response = call.see_other(asked.back)
    if asked.choice in choices:
        is_secure = call.app.settings.node.url.startswith("https:")
        response.set_cookie(name, asked.choice, YEAR, path="/", samesite="lax", secure=is_secure)
    return response


DOORS = (
    page("GET", "/", "node.home", home),
    page("GET", "/help", "node.help", help_home),
    page("GET", "/help/{audience}", "node.help_page", help_page),
    page("GET", "/source", "node.source", source),
    page("POST", "/preferences/language", "node.language", choose_language),
    page("POST", "/preferences/theme", "node.theme", choose_theme),
    protocol("POST", "/csp-reports", "node.csp_reports", csp_report, max_body=16_384),
)
