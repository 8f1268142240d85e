"""The postman: takes the mails that are due, sends them, then notes what became of them."""

import asyncio
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import structlog

from config.collective import Collective
from config.settings import Settings
from kit.choices import read_choice
from kit.mail.bell import Bell
from kit.mail.outbox import OutgoingMail, Result, is_any_due, note_results, take_due
from kit.mail.transports import Transport, transport_of

if TYPE_CHECKING:
    from kit.app import App

log = structlog.get_logger("mail")
REST_SECONDS = 30.0


async def deliver_due(app: "App", transport: Transport | None = None) -> int:
    """Send every mail that is due; returns how many left. Safe to run in several processes at once."""
    transport = transport or transport_of(app.settings)
    left = 0
    while await app.db.aread(is_any_due) and (mails := await app.db.awrite(take_due)):
        collective = await app.db.aread(lambda session: read_choice(session, Collective))
        results = {mail.id: await _send(transport, mail, app.settings, collective) for mail in mails}
        await app.db.awrite(partial(note_results, results=results, keep_words=transport.keeps_words))
        left += sum(not result.error for result in results.values())
    return left


async def keep_delivering(app: "App") -> None:
    """Deliver whenever a commit rings, and every thirty seconds for those to try again."""
    bell = Bell()
    while True:
        try:
            await deliver_due(app)
        except Exception:
            log.exception("delivery_failed")
        await bell.wait(REST_SECONDS)


def written(mail: OutgoingMail, settings: Settings, collective: Collective) -> EmailMessage:
    """The message as servers want it (RFC 5322), marked as automatic (RFC 3834).

    Raises ValueError when an address cannot be written in a header.
    """
    message = EmailMessage()
    user, _, host = settings.mail.sender.rpartition("@")
    message["From"] = Address(collective.name, user, host)
    message["To"] = Address(addr_spec=mail.to)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = f"<{mail.id}@{urlsplit(settings.node.url).hostname}>"
    message["Auto-Submitted"] = "auto-generated"
    if collective.contact_email:
        message["Reply-To"] = collective.contact_email
    message.set_content(mail.text)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
    return message


async def _send(
    transport: Transport, mail: OutgoingMail, settings: Settings, collective: Collective
) -> Result:
    try:
        message = written(mail, settings, collective)
    except (ValueError, IndexError) as error:
        return Result(f"cannot be written: {type(error).__name__}", is_final=True)
    result = await transport.send(message)
    log.info("mail_tried", mail=str(mail.id), tries=mail.tries, error=result.error)
    return result


class Postman:
    """The background task of one process."""

    def __init__(self) -> None:
        self._tasks: dict[int, asyncio.Task[None]] = {}

    async def start(self, app: "App") -> None:
        self._tasks[id(app)] = asyncio.create_task(keep_delivering(app), name="hameau-mail")

    async def stop(self, app: "App") -> None:
        """End the task; a mail caught in the middle is tried again after its lease."""
        task = self._tasks.pop(id(app), None)
        if task:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
