"""Signing in: my mail, then the code or the link I received."""

from uuid import UUID

from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.errors import Refusal
from kit.i18n import _
from kit.web import Call, flow, page, read
from people import flows
from people.identity import drop_cookie
from people.models.sign_in import CHANGE_ADDRESS, SignInAttempt
from people.refusals import SignInOver
from people.schemas import CodeForm, SignInForm
from people.service import sessions, sign_in
from people.words import local_path


@read
def ask(call: Call, _session: Session) -> Response:
    """My mail address, and nothing else."""
    back = local_path(call.request.query_params.get("back", ""))
    if call.principal.is_signed_in:
        return call.see_other(back or "people.my")
    return private(call.page("people/sign_in.html", values={"back": back}, errors={}, sentence=""))


@flow
def send(call: Call) -> Response:
    """The same answer whether the address is known or not."""
    try:
        form = call.form(SignInForm)
        attempt = flows.ask_sign_in(call, form.email, form.back)
    except Refusal as refusal:
        return _again(call, "people/sign_in.html", refusal, values=call.form_values())
    return call.see_other("people.code", attempt=attempt)


@read
def code(call: Call, session: Session) -> Response:
    """Where I type the code of my mail."""
    return private(_code_page(call, session.get(SignInAttempt, call.path["attempt"])))


@flow
def prove(call: Call) -> Response:
    """The code is tried: five times at most."""
    attempt_id: UUID = call.path["attempt"]
    try:
        return private(flows.prove_code(call, attempt_id, call.form(CodeForm).code))
    except Refusal as refusal:
        if refusal.status not in {410, 422}:
            raise
        with call.app.db.read() as session:
            return private(_code_page(call, session.get(SignInAttempt, attempt_id), refusal))


@read
def link(call: Call, session: Session) -> Response:
    """One button: mail scanners follow links, they do not press buttons."""
    try:
        attempt = sign_in.look(session, call.path["link"])
    except SignInOver as refusal:
        return _over(call, refusal)
    return private(call.page("people/link.html", attempt=attempt, is_move=attempt.purpose == CHANGE_ADDRESS))


@flow
def follow(call: Call) -> Response:
    """The link is used, once."""
    try:
        return private(flows.follow_link(call, call.path["link"]))
    except SignInOver as refusal:
        return _over(call, refusal)


@flow
def sign_out(call: Call) -> Response:
    """This browser's session ends; without one, nothing happens."""
    session_id = call.principal.session_id
    if session_id:
        call.app.db.write(lambda session: sessions.forget_session(session, session_id))
    response = call.see_other("/", notice=_("I am signed out."))
    drop_cookie(call, response)
    response.headers["clear-site-data"] = '"cache"'
    return response


def private(response: Response) -> Response:
    """Never kept by the browser nor by anything on the way."""
    response.headers["cache-control"] = "no-store"
    return response


def _code_page(call: Call, attempt: SignInAttempt | None, refusal: Refusal | None = None) -> Response:
    if attempt is None or isinstance(refusal, SignInOver):
        return _over(call, SignInOver())
    return call.page(
        "people/code.html",
        status=refusal.status if refusal else 200,
        attempt=attempt,
        errors=refusal.fields if refusal else {},
    )


def _over(call: Call, refusal: SignInOver) -> Response:
    return private(call.page("people/sign_in_over.html", status=refusal.status, refusal=refusal))


def _again(call: Call, template: str, refusal: Refusal, **context: object) -> Response:
    """The same page with what is wrong; what was typed stays."""
    sentence = "" if refusal.fields else refusal.sentence
    response = call.page(template, refusal.status, errors=refusal.fields, sentence=sentence, **context)
    if refusal.retry_after is not None:
        response.headers["retry-after"] = str(refusal.retry_after)
    return private(response)


DOORS = (
    page("GET", "/sign-in", "people.sign_in", ask, summary="Sign in"),
    page("POST", "/sign-in", "people.send_sign_in", send, summary="Receive a link and a code"),
    page("GET", "/sign-in/code/{attempt:uuid}", "people.code", code, summary="Type the code"),
    page("POST", "/sign-in/code/{attempt:uuid}", "people.prove_code", prove, summary="Use the code"),
    page("GET", "/sign-in/link/{link}", "people.link", link, summary="Look at the link"),
    page("POST", "/sign-in/link/{link}", "people.follow_link", follow, summary="Use the link"),
    page("POST", "/sign-out", "people.sign_out", sign_out, summary="Sign out"),
)
