"""What a reader thinks of the site: a short form that becomes a mail to the collective."""

from datetime import timedelta
from typing import Annotated, Final

from msgspec import Meta, Struct
from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.errors import NotFound, Refusal
from kit.i18n import _, lazy
from kit.limits import take
from kit.mail import send_mail
from kit.web import Call, flow, page, read

PER_HOUR: Final = 5
HOUR: Final = timedelta(hours=1)
THANKS = lazy("Thank you. My message is on its way.")


class Opinion(Struct, frozen=True):
    """What the reader wrote; an address only when an answer is wished for."""

    message: Annotated[str, Meta(min_length=3, max_length=4000)]
    email: Annotated[str, Meta(max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")] = ""


@read
def ask(call: Call, _session: Session) -> Response:
    """The form. Raises NotFound where the collective gave no address for questions."""
    return _show(call)


@flow
def send(call: Call) -> Response:
    """Mail the opinion to the collective; five an hour from one machine."""
    if not call.collective.contact_email:
        raise NotFound
    try:
        opinion = call.form(Opinion)
        call.app.db.write(
            lambda session: take(session, f"feedback {call.client}", PER_HOUR, timedelta(hours=1))
        )
    except Refusal as refusal:
        return _show(call, refusal)
    call.app.db.write(lambda session: _mail(session, call, opinion))
    return call.see_other("node.home", notice=THANKS)


def _mail(session: Session, call: Call, opinion: Opinion) -> None:
    lines = [
        opinion.message,
        "",
        _("Answer to: {email}").format(email=opinion.email) if opinion.email else "",
    ]
    subject = _("An opinion about the site of {name}").format(name=call.collective.name)
    send_mail(session, call.collective.contact_email, subject, "\n".join(lines).strip() + "\n")


def _show(call: Call, refusal: Refusal | None = None) -> Response:
    if not call.collective.contact_email:
        raise NotFound
    return call.page(
        "node/feedback.html",
        status=refusal.status if refusal else 200,
        values=call.form_values(),
        errors=refusal.fields if refusal else {},
        sentence=refusal.sentence if refusal else "",
    )


DOORS = (
    page("GET", "/feedback", "node.feedback", ask),
    page("POST", "/feedback", "node.send_feedback", send, max_body=32_768),
)
