"""The page, or the problem details, that a refusal or a crash becomes."""

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from config.collective import Collective
from kit.app import App
from kit.choices import read_choice
from kit.errors import BadRequest, MethodNotAllowed, NotFound, Refusal
from kit.i18n import SOURCE, choose_language, lazy, speaking
from kit.web import Call, page, problem

log = structlog.get_logger("http")


class Crashed(Refusal):
    """A bug of ours: the person learns that it is not their fault, the log learns the rest."""

    name, status = "crashed", 500
    default = lazy("Something broke on our side. Nothing was lost. I try again in a moment.")


NOWHERE = page("GET", "", "node.nowhere", lambda call: None)
BY_STATUS: dict[int, type[Refusal]] = {404: NotFound, 405: MethodNotAllowed}
JSON_PLACES = ("/api/", "/federation/", "/inbox", "/outbox", "/.well-known/", "/nodeinfo")


def error_page(call: Call, refusal: Refusal) -> Response:
    """A calm page: what happened, what I can do, one button."""
    response = call.page("node/error.html", status=refusal.status, refusal=refusal)
    if refusal.retry_after is not None:
        response.headers["retry-after"] = str(refusal.retry_after)
    return response


def on_http_error(request: Request, error: Exception) -> Response:
    """Starlette's own errors (no route, wrong method) in our words."""
    status = error.status_code if isinstance(error, HTTPException) else 400
    response = _tell(request, BY_STATUS.get(status, BadRequest)())
    if isinstance(error, HTTPException) and error.headers:
        response.headers.update(error.headers)
    return response


def on_crash(request: Request, error: Exception) -> Response:
    """Anything unforeseen: logged whole, told safely."""
    log.error("crashed", path=request.url.path, exc_info=error)
    return _tell(request, Crashed())


def _tell(request: Request, refusal: Refusal) -> Response:
    accepted = request.headers.get("accept-language", "")
    if request.url.path.startswith(JSON_PLACES):
        with speaking(choose_language(None, accepted, SOURCE)):
            return problem(refusal)
    app: App = request.app.state.app
    call = Call(request, app, NOWHERE)
    with app.db.read() as session:
        call.collective = read_choice(session, Collective)
        call.principal = app.identify(call, session)
    call.language = choose_language(request.cookies.get("language"), accepted, call.collective.language)
    with speaking(call.language):
        sentence = type(refusal)(fields=refusal.fields)
        return error_page(call, sentence)
