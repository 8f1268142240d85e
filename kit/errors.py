"""Refusals: every "no" of the house has a name, a status and a sentence that is safe to show."""

from collections.abc import Mapping
from typing import ClassVar

from kit.i18n import Lazy, lazy


class Refusal(Exception):
    """A named "no". `sentence` may be shown to anyone; `cause` goes to the log only."""

    name: ClassVar[str] = "refused"
    status: ClassVar[int] = 400
    default: ClassVar[Lazy] = lazy("I cannot do this.")

    def __init__(
        self,
        sentence: str | None = None,
        *,
        fields: Mapping[str, str] | None = None,
        cause: str = "",
        retry_after: int | None = None,
    ) -> None:
        self._said = sentence
        self.fields: dict[str, str] = dict(fields or {})
        self.cause = cause
        self.retry_after = retry_after
        super().__init__(cause or self.sentence)

    @property
    def sentence(self) -> str:
        """Worded when it is read, unless it was given: the writer, who says no, does not know the reader."""
        return self._said or str(self.default)


class BadRequest(Refusal):
    name, status = "bad_request", 400
    default = lazy("I do not understand this request.")


class SignInNeeded(Refusal):
    name, status = "sign_in_needed", 401
    default = lazy("I sign in first.")


class Forbidden(Refusal):
    name, status = "forbidden", 403
    default = lazy("I do not have the right to do this.")


class NotFound(Refusal):
    name, status = "not_found", 404
    default = lazy("This page does not exist.")


class MethodNotAllowed(Refusal):
    name, status = "method_not_allowed", 405
    default = lazy("This address does not answer that kind of request.")


class TooSlow(Refusal):
    name, status = "too_slow", 408
    default = lazy("This message takes too long to arrive.")


class Conflict(Refusal):
    name, status = "conflict", 409
    default = lazy("Someone changed this before me.")


class Gone(Refusal):
    name, status = "gone", 410
    default = lazy("This page no longer exists.")


class TooLarge(Refusal):
    name, status = "too_large", 413
    default = lazy("This file or message is too large.")


class UnsupportedMedia(Refusal):
    name, status = "unsupported_media", 415
    default = lazy("I cannot read this kind of content.")


class Invalid(Refusal):
    name, status = "invalid", 422
    default = lazy("Something is missing or wrong. I correct it below.")


class BadCursor(Invalid):
    name = "bad_cursor"
    default = lazy("This list address is not complete. I start again from the first page.")


class TooManyRequests(Refusal):
    name, status = "too_many_requests", 429
    default = lazy("Too many tries. I wait a little and try again.")


class Busy(Refusal):
    name, status = "busy", 503
    default = lazy("The node is very busy. I try again in a moment.")
