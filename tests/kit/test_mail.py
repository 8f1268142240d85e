"""Mails: a row with the act, a real SMTP server, tries that are spaced, words that are wiped."""

import asyncio
import socket
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from hypothesis import given
from hypothesis import settings as unhurried
from hypothesis import strategies as st

from config.collective import Collective
from config.settings import MailSettings, NodeSettings, Settings
from kit import clock
from kit.choices import save_choice
from kit.db import Database
from kit.mail import OutgoingMail, send_mail
from kit.mail.bell import Bell, ring_all
from kit.mail.delivery import Postman, deliver_due, written
from kit.mail.outbox import BACKOFF, LEASE, Result, forget_old_mails, recent_mails, take_due
from kit.mail.smtp import SmtpTransport
from kit.mail.transports import ConsoleTransport, DemoTransport, transport_of

TO = "camille@example.org"


class Mailbox:
    """A mail server that keeps what it receives, or answers `refuse`."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.refuse = ""

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refuse:
            return self.refuse
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        self.messages.append(message_from_bytes(content, _class=EmailMessage, policy=default))
        return "250 OK"


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, str]]:
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    yield box, f"smtp://127.0.0.1:{port}"
    server.stop()


def node(db: Database, url: str = "console://", *, demo: bool = False) -> Any:
    """What delivery needs of a node."""
    place = NodeSettings(url="https://cafe.example", demo=demo)
    settings = Settings(node=place, mail=MailSettings(url=url, sender="bonjour@cafe.example"))
    return SimpleNamespace(db=db, settings=settings)


def queue(db: Database, **more: Any) -> None:
    db.write(lambda session: send_mail(session, TO, "Hello", "Words\n", "<p>Words</p>", **more).id)


def row(db: Database) -> OutgoingMail:
    with db.read() as session:
        return recent_mails(session)[0]


def deliver(app: Any) -> int:
    return asyncio.run(deliver_due(app))


def test_a_mail_leaves_with_its_transaction_or_not_at_all(db: Database) -> None:
    def unit(session: Any) -> None:
        send_mail(session, TO, "Hello", "Words")
        raise LookupError

    with pytest.raises(LookupError):
        db.write(unit)
    with db.read() as session:
        assert not recent_mails(session)


def test_smtp_receives_text_and_html_once(db: Database, mailbox: tuple[Mailbox, str]) -> None:
    box, url = mailbox
    db.write(lambda session: save_choice(session, Collective(name="L’Été", contact_email="x@cafe.example")))
    queue(db)
    assert deliver(node(db, url)) == 1
    assert deliver(node(db, url)) == 0
    (message,) = box.messages
    assert (message["To"], message["Subject"], message["Reply-To"]) == (TO, "Hello", "x@cafe.example")
    assert message["From"] == "L’Été <bonjour@cafe.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"] == f"<{row(db).id}@cafe.example>"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_sent_words_are_wiped_but_the_demo_keeps_them(db: Database, mailbox: tuple[Mailbox, str]) -> None:
    queue(db)
    deliver(node(db, mailbox[1]))
    assert (row(db).state, row(db).text, row(db).html) == ("sent", "", None)
    queue(db)
    assert deliver(node(db, demo=True)) == 1
    assert (row(db).state, row(db).text) == ("sent", "Words\n")


def test_a_server_that_is_away_is_tried_again_later_and_later(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, start = node(db, "smtp://127.0.0.1:1"), clock.now()
    monkeypatch.setattr(clock, "_read", lambda: start)
    queue(db)
    for number, wait in enumerate(BACKOFF[:3], start=1):
        assert deliver(app) == 0
        mail = row(db)
        assert (mail.state, mail.tries, mail.next_try_at - clock.now()) == ("waiting", number, wait)
        assert mail.error
        monkeypatch.setattr(clock, "_read", lambda at=mail.next_try_at: at)


@pytest.mark.parametrize(
    ("answer", "state"), [("550 no such person", "failed"), ("451 come back later", "waiting")]
)
def test_a_final_refusal_is_not_tried_again(
    db: Database, mailbox: tuple[Mailbox, str], answer: str, state: str
) -> None:
    box, url = mailbox
    box.refuse = answer
    queue(db)
    deliver(node(db, url))
    assert row(db).state == state
    assert answer[4:] in row(db).error
    assert bool(row(db).text) == (state == "waiting")


def test_a_mail_that_came_too_late_is_given_up(
    db: Database, mailbox: tuple[Mailbox, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(db, valid_for=timedelta(minutes=15))
    later = clock.now() + timedelta(minutes=16)
    monkeypatch.setattr(clock, "_read", lambda: later)
    assert deliver(node(db, mailbox[1])) == 0
    assert (row(db).state, row(db).text, row(db).error) == ("failed", "", "too late")
    assert not mailbox[0].messages


def test_two_postmen_never_take_the_same_mail_and_a_dead_one_gives_it_back(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(db)
    assert len(db.write(take_due)) == 1
    assert db.write(take_due) == []
    later = clock.now() + LEASE
    monkeypatch.setattr(clock, "_read", lambda: later)
    assert len(db.write(take_due)) == 1


def test_the_console_shows_what_would_leave(db: Database, capsys: pytest.CaptureFixture[str]) -> None:
    queue(db)
    assert deliver(node(db)) == 1
    shown = capsys.readouterr().err
    assert TO in shown
    assert "Words" in shown


def test_a_commit_rings_the_bell_and_the_postman_delivers(db: Database) -> None:
    async def live() -> str:
        app, postman = node(db, demo=True), Postman()
        await postman.start(app)
        await asyncio.sleep(0.05)
        await db.awrite(lambda session: send_mail(session, TO, "Hello", "Words").id)
        for _ in range(3_000):
            await asyncio.sleep(0.02)
            if (await db.aread(recent_mails))[0].state == "sent":
                break
        await postman.stop(app)
        await postman.stop(app)
        return row(db).state

    assert asyncio.run(live()) == "sent"


def test_ringing_after_the_loop_has_ended_is_harmless() -> None:
    async def make() -> Bell:
        return Bell()

    bell = asyncio.run(make())
    ring_all()
    bell.ring()


@unhurried(deadline=None)
@given(st.text(max_size=40))
def test_no_subject_or_name_starts_another_header(text: str) -> None:
    mail = OutgoingMail(id="x", to=TO, subject="S", text="T", html=None, created_at=clock.now())
    mail.subject = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    collective = Collective(name=text if text.isprintable() else "x")
    message = written(mail, node(cast(Any, None)).settings, collective)
    assert set(message.keys()) <= {
        *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"),
        *("Content-Type", "Content-Transfer-Encoding", "MIME-Version"),
    }


def test_newlines_in_headers_become_spaces(db: Database) -> None:
    db.write(lambda session: send_mail(session, TO, "One\r\nBcc: x@example.org", "Words").id)
    assert row(db).subject == "One Bcc: x@example.org"


def test_an_address_that_cannot_be_written_is_a_final_failure(db: Database) -> None:
    db.write(lambda session: send_mail(session, "not an address", "Hello", "Words").id)
    deliver(node(db, demo=True))
    assert row(db).state == "failed"


def test_old_mails_are_forgotten(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    queue(db)
    deliver(node(db, demo=True))
    db.write(forget_old_mails)
    assert row(db).state == "sent"
    later = clock.now() + timedelta(days=31)
    monkeypatch.setattr(clock, "_read", lambda: later)
    db.write(forget_old_mails)
    with db.read() as session:
        assert not recent_mails(session)


def test_settings_choose_the_transport_and_tls_guards_passwords() -> None:
    base = Settings(node=NodeSettings(demo=True))
    assert isinstance(transport_of(base), DemoTransport)
    assert isinstance(transport_of(Settings()), ConsoleTransport)
    for url, tls, start, port in (
        ("smtp://u:p%40ss@mail.example:587", False, True, 587),
        ("smtps://u:p@mail.example", True, False, 465),
        ("smtp://127.0.0.1:25", False, None, 25),
    ):
        transport = transport_of(msgspec.structs.replace(base, mail=MailSettings(url=url)))
        assert isinstance(transport, SmtpTransport)
        assert (transport.is_tls, transport.start_tls, transport.port) == (tls, start, port)
    with pytest.raises(ValueError, match=r"mail\.url"):
        transport_of(Settings(mail=MailSettings(url="ftp://x")))


def test_a_result_says_whether_it_is_final() -> None:
    assert not Result().error
    assert Result("no", is_final=True).is_final
