"""Mails leave by a mail server. Loaded only where there is one: the demo and the console need none of it."""

from email.message import EmailMessage
from urllib.parse import SplitResult, unquote

import aiosmtplib

from kit.mail.outbox import Result

SECONDS = 30
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class SmtpTransport:
    """A mail server, from `smtp://user:password@host:25` or `smtps://…:465` (implicit TLS, RFC 8314).

    Over `smtp://`, TLS is used when offered; it is required when there is a password and the server is afar.
    """

    keeps_words = False

    def __init__(self, address: SplitResult) -> None:
        self.host = address.hostname or "localhost"
        self.is_tls = address.scheme == "smtps"
        self.port = address.port or (465 if self.is_tls else 25)
        self.user = unquote(address.username) if address.username else None
        self.password = unquote(address.password) if address.password else None

    @property
    def start_tls(self) -> bool | None:
        """Required, forbidden, or None: when offered."""
        if self.is_tls:
            return False
        return True if self.password and self.host not in LOOPBACK else None

    async def send(self, message: EmailMessage) -> Result:
        try:
            await aiosmtplib.send(
                message,
                hostname=self.host,
                port=self.port,
                username=self.user,
                password=self.password,
                use_tls=self.is_tls,
                start_tls=self.start_tls,
                timeout=SECONDS,
            )
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            return Result(f"{type(error).__name__}: {error}", is_final=_is_final(error))
        return Result()


def _is_final(error: Exception) -> bool:
    """Whether the server refused for good (RFC 5321 §4.2.1: 5yz), or the message cannot be written at all.

    A refused password is the operator's mistake, not the mail's: it is tried again.
    """
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return False
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return all(one.code >= 500 for one in error.recipients)
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return error.code >= 500
    return isinstance(error, ValueError) and not isinstance(error, OSError)
