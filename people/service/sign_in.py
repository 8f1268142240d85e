"""Signing in by mail: one mail, one link, one code, once, within fifteen minutes."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from kit import clock, limits
from kit.errors import Refusal
from kit.i18n import ngettext
from kit.mail import send_mail
from people.models.person import Person
from people.models.sign_in import MOST_TRIES, SETUP, SIGN_IN, SignInAttempt
from people.proofs import Proof, hash_of, same
from people.refusals import PersonArchived, SignInOver, WrongCode
from people.service import persons, sessions
from people.words import local_path

VALID_FOR = timedelta(minutes=15)
SETUP_VALID_FOR = timedelta(hours=24)
KEPT_FOR = timedelta(days=1)
MAILS_PER_ADDRESS = ((5, timedelta(minutes=15)), (20, timedelta(days=1)))
MAILS_PER_CLIENT = ((30, timedelta(hours=1)),)
CODES_PER_CLIENT = ((30, timedelta(minutes=15)),)


@dataclass(frozen=True)
class Letter:
    """A mail already written, ready to be queued."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Asked:
    """What someone asks for: to prove that `email` (normalised) is theirs, for `purpose`."""

    email: str
    purpose: str = SIGN_IN
    person_id: UUID | None = None
    language: str = ""
    back: str = ""
    client: str = ""


@dataclass(frozen=True)
class Arrival:
    """A browser that is about to be signed in: the hash of its new cookie, and the session it replaces."""

    secret_hash: bytes
    device: str = ""
    replaces: UUID | None = None


def start(session: Session, asked: Asked, proof: Proof, code: bytes, letter: Letter) -> SignInAttempt:
    """Keep the attempt and queue its mail, for a known address or not alike. Raises TooManyRequests."""
    _take(session, "mails-to", asked.email, MAILS_PER_ADDRESS)
    _take(session, "mails-by", asked.client, MAILS_PER_CLIENT)
    attempt = _keep(session, asked, proof, VALID_FOR)
    attempt.code_hash = code
    send_mail(session, asked.email, letter.subject, letter.text, letter.html, valid_for=VALID_FOR)
    return attempt


def start_set_up(session: Session, person: Person, proof: Proof) -> SignInAttempt:
    """A link alone, from the node's command line; good once, for a day. Raises PersonArchived."""
    if person.is_archived:
        raise PersonArchived
    asked = Asked(person.email, SETUP, person.id)
    return _keep(session, asked, proof, SETUP_VALID_FOR)


def invite(session: Session, person: Person, proof: Proof, letter: Letter) -> SignInAttempt:
    """A link sent to someone the collective added; good once, for a day.

    Raises PersonArchived, TooManyRequests.
    """
    _take(session, "mails-to", person.email, MAILS_PER_ADDRESS)
    attempt = start_set_up(session, person, proof)
    send_mail(session, person.email, letter.subject, letter.text, letter.html, valid_for=SETUP_VALID_FOR)
    return attempt


def try_code(session: Session, attempt_id: UUID, given: bytes, client: str) -> SignInAttempt | Refusal:
    """The attempt, used now, when the code is right.

    A wrong code is given back as a refusal, not raised: the try must be counted. Raises TooManyRequests.
    """
    _take(session, "codes-by", client, CODES_PER_CLIENT)
    attempt = session.get(SignInAttempt, attempt_id, with_for_update=True)
    if attempt is None or not attempt.takes_codes(clock.now()):
        return SignInOver()
    if same(attempt.code_hash, given):
        return _use(session, attempt)
    attempt.tries += 1
    return _wrong(MOST_TRIES - attempt.tries)


def look(session: Session, link: str) -> SignInAttempt:
    """The attempt of a link, without using it: what a GET shows. Raises SignInOver."""
    attempt = session.scalars(
        select(SignInAttempt).where(SignInAttempt.link_hash == hash_of(link))
    ).one_or_none()
    if attempt is None or not attempt.is_open(clock.now()):
        raise SignInOver
    return attempt


def use_link(session: Session, link: str) -> SignInAttempt:
    """The attempt of a link, used now. Raises SignInOver."""
    session.execute(
        select(SignInAttempt.id).where(SignInAttempt.link_hash == hash_of(link)).with_for_update()
    )
    return _use(session, look(session, link))


def arrive(session: Session, attempt: SignInAttempt, arrival: Arrival) -> Person:
    """Sign in whoever proved their address, for the first time or not. Raises PersonArchived."""
    if attempt.person_id:
        return enter(session, persons.get(session, attempt.person_id), arrival)
    return enter(session, persons.welcome(session, attempt.email, language=attempt.language), arrival)


def enter(session: Session, person: Person, arrival: Arrival) -> Person:
    """A new session, never the one the browser came with. Raises PersonArchived."""
    if person.is_archived:
        raise PersonArchived
    sessions.forget_session(session, arrival.replaces)
    sessions.open_session(session, person, arrival.secret_hash, arrival.device)
    return person


def forget_old_attempts(session: Session) -> None:
    """Drop attempts that ended more than a day ago."""
    old = clock.now() - KEPT_FOR
    session.execute(delete(SignInAttempt).where(SignInAttempt.expires_at < old))


def _keep(session: Session, asked: Asked, proof: Proof, valid_for: timedelta) -> SignInAttempt:
    now = clock.now()
    attempt = SignInAttempt(
        id=proof.attempt_id,
        purpose=asked.purpose,
        email=asked.email,
        person_id=asked.person_id,
        link_hash=hash_of(proof.link),
        language=asked.language,
        back=local_path(asked.back),
        created_at=now,
        expires_at=now + valid_for,
        tries=0,
    )
    session.add(attempt)
    return attempt


def _use(session: Session, attempt: SignInAttempt) -> SignInAttempt:
    """Used once, and with it every other open mail for the same address and purpose."""
    now = clock.now()
    attempt.used_at = now
    others = update(SignInAttempt).where(
        SignInAttempt.email == attempt.email,
        SignInAttempt.purpose == attempt.purpose,
        SignInAttempt.used_at.is_(None),
        SignInAttempt.id != attempt.id,
    )
    session.execute(others.values(used_at=now))
    return attempt


def _wrong(left: int) -> Refusal:
    if left <= 0:
        return SignInOver()
    sentence = ngettext(
        "This code is not the right one. I have one try left.",
        "This code is not the right one. I have {count} tries left.",
        left,
    ).format(count=left)
    return WrongCode(sentence, fields={"code": sentence})


def _take(session: Session, kind: str, who: str, allowed: tuple[tuple[int, timedelta], ...]) -> None:
    for number, per in allowed if who else ():
        limits.take(session, f"{kind}:{int(per.total_seconds())}:{who}", number, per)
