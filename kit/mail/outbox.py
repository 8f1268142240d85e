"""The mails waiting to leave: one row each, with its attempts, its next attempt and its last error."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Index, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kit import clock
from kit.db import Base, after_commit
from kit.ids import new_id
from kit.mail.bell import ring_all

BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720, 1440))
LEASE = timedelta(minutes=2)
KEPT_FOR = timedelta(days=30)
WAITING, SENT, FAILED = "waiting", "sent", "failed"
LONGEST_ERROR = 300


class OutgoingMail(Base):
    """One mail to one address. Once it is settled its words are wiped: they may hold a sign-in link.

    `next_try_at` is moved ahead while someone is sending it, so that two processes never send it together.
    """

    __tablename__ = "outgoing_mail"
    __table_args__ = (Index("ix_outgoing_mail_due", "state", "next_try_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    to: Mapped[str] = mapped_column("to_address")
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str | None]
    state: Mapped[str] = mapped_column(default=WAITING)
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(index=True)
    next_try_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(default="")

    def settle(self, state: str, now: datetime, *, keep_words: bool) -> None:
        """The last word on this mail; its text goes, unless the demo shows it."""
        self.state, self.settled_at = state, now
        if not keep_words:
            self.text, self.html = "", None


def send_mail(
    session: Session,
    to: str,
    subject: str,
    text: str,
    html: str | None = None,
    *,
    valid_for: timedelta = timedelta(days=3),
) -> OutgoingMail:
    """Queue a mail in this transaction; it leaves after the commit, and is tried again for `valid_for`."""
    now = clock.now()
    mail = OutgoingMail(
        id=new_id(),
        to=_one_line(to),
        subject=_one_line(subject),
        text=text,
        html=html,
        created_at=now,
        next_try_at=now,
        expires_at=now + valid_for,
    )
    session.add(mail)
    after_commit(session, ring_all)
    return mail


def is_any_due(session: Session) -> bool:
    """Whether a mail waits to be sent now: a look that writes nothing."""
    due = select(OutgoingMail.id).where(
        OutgoingMail.state == WAITING, OutgoingMail.next_try_at <= clock.now()
    )
    return session.scalars(due.limit(1)).first() is not None


def take_due(session: Session, limit: int = 20) -> list[OutgoingMail]:
    """The mails to send now, leased for two minutes; those that came too late are given up here."""
    now = clock.now()
    wanted = (
        select(OutgoingMail)
        .where(OutgoingMail.state == WAITING, OutgoingMail.next_try_at <= now)
        .order_by(OutgoingMail.next_try_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    due = list(session.scalars(wanted))
    for mail in due:
        mail.tries += 1
        mail.next_try_at = now + LEASE
        if mail.expires_at <= now:
            mail.settle(FAILED, now, keep_words=False)
            mail.error = mail.error or "too late"
    session.flush()
    live = [mail for mail in due if mail.state == WAITING]
    session.expunge_all()
    return live


def note_results(session: Session, results: "Mapping[UUID, Result]", *, keep_words: bool) -> None:
    """Write what became of each mail that was taken."""
    now = clock.now()
    for mail in _rows(session, list(results)):
        result = results[mail.id]
        mail.error = result.error[:LONGEST_ERROR]
        if not result.error:
            mail.settle(SENT, now, keep_words=keep_words)
        elif result.is_final or mail.tries > len(BACKOFF):
            mail.settle(FAILED, now, keep_words=keep_words)
        else:
            mail.next_try_at = now + BACKOFF[mail.tries - 1]


class Result:
    """What became of one attempt: sent when there is no error; a final error is not tried again."""

    __slots__ = ("error", "is_final")

    def __init__(self, error: str = "", *, is_final: bool = False) -> None:
        self.error = error
        self.is_final = is_final


def recent_mails(session: Session, limit: int = 50) -> Sequence[OutgoingMail]:
    """The newest mails first."""
    newest = select(OutgoingMail).order_by(OutgoingMail.created_at.desc(), OutgoingMail.id.desc())
    return session.scalars(newest.limit(limit)).all()


def forget_old_mails(session: Session) -> None:
    """Drop what was settled more than thirty days ago."""
    old = clock.now() - KEPT_FOR
    session.execute(delete(OutgoingMail).where(OutgoingMail.settled_at < old))


def _rows(session: Session, ids: Sequence[UUID]) -> Sequence[OutgoingMail]:
    return session.scalars(select(OutgoingMail).where(OutgoingMail.id.in_(ids))).all()


def _one_line(text: str) -> str:
    """Headers are one line: what would start another header becomes a space."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
