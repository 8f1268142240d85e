"""Mails: a row in the transaction of the act, delivered afterwards, tried again until it works."""

from kit.mail.outbox import OutgoingMail, send_mail

__all__ = ["OutgoingMail", "send_mail"]
