"""Ways for a mail to leave: SMTP, the console of whoever installs, or nowhere but the demo's mails page."""

import sys
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import urlsplit

from config.settings import MailSettings, Settings
from kit.mail.outbox import Result


class Transport(Protocol):
    """Sends one message. `keeps_words` says that rows keep their text once sent."""

    keeps_words: bool

    async def send(self, message: EmailMessage) -> Result: ...


class ConsoleTransport:
    """Writes mails where the node was started: enough to install and to try."""

    keeps_words = False

    async def send(self, message: EmailMessage) -> Result:
        part = message.get_body(("plain",))
        words = part.get_content() if part else ""
        sys.stderr.write(f"\n── mail to {message['To']}: {message['Subject']}\n{words}\n──\n")
        return Result()


class DemoTransport:
    """Keeps mails for the page `/demo/mails`; nothing leaves the machine."""

    keeps_words = True

    async def send(self, message: EmailMessage) -> Result:
        return Result()


def transport_of(settings: Settings) -> Transport:
    """What the settings ask for. Raises ValueError on an unknown address."""
    if settings.node.demo and settings.mail.url == MailSettings().url:
        return DemoTransport()
    address = urlsplit(settings.mail.url)
    if address.scheme == "console":
        return ConsoleTransport()
    if address.scheme in {"smtp", "smtps"}:
        from kit.mail.smtp import SmtpTransport  # only here: see its charter

        return SmtpTransport(address)
    raise ValueError("mail.url starts with console://, smtp:// or smtps://")
