"""Signing in, step by step: the mail is written first, then one short transaction, then the cookie."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.app import App
from kit.errors import Refusal
from kit.features import House, PersonalData
from kit.i18n import _
from kit.mail import send_mail
from kit.web import Call
from people import letters
from people.devices import device_words
from people.identity import client_of, identify, set_cookie
from people.models.person import Person
from people.models.sign_in import CHANGE_ADDRESS, SignInAttempt
from people.proofs import Proof, code_hash, hash_of, new_proof, new_secret
from people.service import persons, sign_in
from people.service.sign_in import Arrival, Asked, Letter
from people.words import normal_email

__all__ = [
    "ask_new_address",
    "ask_sign_in",
    "enter_demo",
    "follow_link",
    "identify",
    "invite",
    "personal_data",
    "prove_code",
]

CODE_KEY = "sign-in-code"
LANGUAGE_SECONDS = 31536000


@dataclass(frozen=True)
class Proven:
    """What came of a proof: where to go, in which language, and for what it was."""

    where: str
    purpose: str
    language: str


@dataclass(frozen=True)
class Ending:
    """Everything a proof needs to end in one transaction: nothing is written or rendered by then."""

    app: App
    arrival: Arrival
    farewell: Letter | None = None

    def settle(self, session: Session, attempt: SignInAttempt) -> Proven:
        """Sign in, or give the new address. Raises PersonArchived, AddressTaken, NotFound."""
        if attempt.purpose == CHANGE_ADDRESS:
            return self._move(session, attempt)
        person = sign_in.arrive(session, attempt, self.arrival)
        return Proven(attempt.back or _home(self.app, person), attempt.purpose, person.language)

    def _move(self, session: Session, attempt: SignInAttempt) -> Proven:
        person = persons.get(session, attempt.person_id or attempt.id)
        old = persons.move(session, person, attempt.email)
        if self.farewell and old != person.email:
            send_mail(session, old, self.farewell.subject, self.farewell.text, self.farewell.html)
        return Proven(self.app.url("people.my"), attempt.purpose, person.language)


def ask_sign_in(call: Call, email: str, back: str) -> UUID:
    """Send the mail, to a known address or not alike; the attempt's id. Raises Invalid, TooManyRequests."""
    proof = new_proof()
    asked = Asked(normal_email(email), language=call.language, back=back, client=client_of(call))
    _send(call.app, asked, proof, letters.sign_in_letter(call, proof))
    return proof.attempt_id


def ask_new_address(call: Call, email: str) -> UUID:
    """Send the proof to the new address; the attempt's id. Raises Invalid, TooManyRequests."""
    proof = new_proof()
    person_id = call.principal.person_id
    asked = Asked(normal_email(email), CHANGE_ADDRESS, person_id, call.language, client=client_of(call))
    _send(call.app, asked, proof, letters.new_address_letter(call, proof))
    return proof.attempt_id


def invite(call: Call, person: Person) -> None:
    """Send someone the collective added a link of their own. Raises PersonArchived, TooManyRequests."""
    proof = new_proof()
    letter = letters.invitation(call, person, proof)
    person_id = person.id
    call.app.db.write(lambda session: sign_in.invite(session, persons.get(session, person_id), proof, letter))


def prove_code(call: Call, attempt_id: UUID, code: str) -> Response:
    """Use the code of a mail. Raises WrongCode, SignInOver, TooManyRequests, PersonArchived, AddressTaken."""
    given = code_hash(call.app.seal.key(CODE_KEY), attempt_id, code)
    client = client_of(call)
    with call.app.db.read() as session:
        attempt = session.get(SignInAttempt, attempt_id)
    return _prove(call, attempt, lambda session: sign_in.try_code(session, attempt_id, given, client))


def follow_link(call: Call, link: str) -> Response:
    """Use the link of a mail. Raises SignInOver, PersonArchived, AddressTaken."""
    with call.app.db.read() as session:
        attempt = sign_in.look(session, link)
    return _prove(call, attempt, lambda session: sign_in.use_link(session, link))


def enter_demo(call: Call, email: str) -> str:
    """Sign in without proof, for the demo's own links; the cookie's secret. Raises PersonArchived."""
    arrival, secret = _arrival(call)
    call.app.db.write(lambda session: sign_in.enter(session, persons.welcome(session, email), arrival).id)
    return secret


def personal_data(house: House) -> Mapping[str, PersonalData]:
    """What the rooms know of persons, by room; this one's comes last."""
    known = {room.name: room.personal_data for room in house.features if room.personal_data}
    return dict(sorted(known.items(), key=lambda pair: pair[0] == "people"))


def _send(app: App, asked: Asked, proof: Proof, letter: Letter) -> None:
    hashed = code_hash(app.seal.key(CODE_KEY), proof.attempt_id, proof.code)
    app.db.write(lambda session: sign_in.start(session, asked, proof, hashed, letter).id)


def _prove(
    call: Call, attempt: SignInAttempt | None, use: Callable[[Session], SignInAttempt | Refusal]
) -> Response:
    is_move = attempt is not None and attempt.purpose == CHANGE_ADDRESS
    arrival, secret = _arrival(call)
    ending = Ending(call.app, arrival, letters.address_moved_letter(call) if is_move else None)

    def unit(session: Session) -> Proven | Refusal:
        used = use(session)
        return used if isinstance(used, Refusal) else ending.settle(session, used)

    answer = call.app.db.write(unit)
    if isinstance(answer, Refusal):
        raise answer
    return _moved(call, answer) if is_move else _welcomed(call, answer, secret)


def _welcomed(call: Call, proven: Proven, secret: str) -> Response:
    response = call.see_other(proven.where, notice=_("I am signed in."))
    set_cookie(call, response, secret)
    if proven.language:
        response.set_cookie("language", proven.language, LANGUAGE_SECONDS, path="/", samesite="lax")
    return response


def _moved(call: Call, proven: Proven) -> Response:
    where = proven.where if call.principal.is_signed_in else call.url("people.sign_in")
    return call.see_other(where, notice=_("My mail address is changed."))


def _arrival(call: Call) -> tuple[Arrival, str]:
    secret = new_secret()
    device = device_words(call.request.headers.get("user-agent", ""))
    return Arrival(hash_of(secret), device, call.principal.session_id), secret


def _home(app: App, person: Person) -> str:
    return app.url("node.office" if person.roles and "node.office" in app.house.doors else "people.my")
