"""Mails of this room, written before the transaction that queues them."""

from typing import Any

from config.collective import Collective
from kit.app import App
from kit.colour import safe
from kit.i18n import LANGUAGES, _, language, speaking
from kit.web import Call
from people.models.person import Person
from people.proofs import Proof
from people.service.sign_in import Letter


def sign_in_letter(call: Call, proof: Proof) -> Letter:
    """The link and the code, in the language of the page they were asked from."""
    subject = _("{code} is my code for {name}").format(code=spaced(proof.code), name=call.collective.name)
    return _letter(call, "sign_in", subject, link=link_of(call.app, proof.link), code=spaced(proof.code))


def invitation(call: Call, person: Person, proof: Proof) -> Letter:
    """For someone the collective added: who invites, and a link that is good for a day."""
    with speaking(language_for(person, call.collective)):
        subject = _("{name} opens its door to me").format(name=call.collective.name)
        link = link_of(call.app, proof.link)
        return _letter(call, "invitation", subject, link=link, person=person, by=call.principal.name)


def new_address_letter(call: Call, proof: Proof) -> Letter:
    """To the new address: the link and the code that prove it."""
    subject = _("{code} is my code for {name}").format(code=spaced(proof.code), name=call.collective.name)
    return _letter(call, "new_address", subject, link=link_of(call.app, proof.link), code=spaced(proof.code))


def address_moved_letter(call: Call) -> Letter:
    """To the old address: it no longer opens anything here."""
    subject = _("My mail address changed at {name}").format(name=call.collective.name)
    return _letter(call, "address_moved", subject)


def language_for(person: Person, collective: Collective) -> str:
    """The person's own language, else the collective's."""
    return person.language if person.language in LANGUAGES else collective.language


def link_of(app: App, secret: str) -> str:
    """The whole address of a sign-in link."""
    return app.settings.node.url + app.url("people.link", link=secret)


def spaced(code: str) -> str:
    """ "123 456", as it is easiest to read and to type."""
    return f"{code[:3]}\u00a0{code[3:]}"


def _letter(call: Call, name: str, subject: str, **context: Any) -> Letter:
    accent = safe(call.collective.accent).accent
    context |= {"subject": subject, "collective": call.collective, "accent": accent, "lang": language()}
    context["node"] = call.app.settings.node.url
    text = call.app.templates.text(f"people/mail/{name}.txt", context)
    return Letter(subject, text.strip() + "\n", call.app.templates.text(f"people/mail/{name}.html", context))
