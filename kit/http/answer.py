"""What came back, whole and bounded, without the library that brought it."""

from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message

from kit.http.errors import BadAnswer

ACTIVITY = "application/activity+json"
LINKED_DATA = "application/ld+json"
ACTIVITY_STREAMS = "https://www.w3.org/ns/activitystreams"
ACCEPT_ACTIVITY = f'{ACTIVITY}, {LINKED_DATA}; profile="{ACTIVITY_STREAMS}"'


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer of any status; errors of the line are exceptions instead."""

    url: str
    """The address that answered, after redirects, as it was requested (and signed)."""
    status: int
    headers: Mapping[str, str]
    """By name, whatever its case; repeated headers are joined by commas."""
    fields: tuple[tuple[str, str], ...]
    """Every header as it came, in order: what a signature over the answer is checked against."""
    body: bytes

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    @property
    def content_type(self) -> str:
        """The media type in lower case without parameters; "" when absent."""
        return media_type(self.headers.get("content-type", ""))[0]

    @property
    def is_activity(self) -> bool:
        """Whether this says it is ActivityPub (§3.2): the plain type, or JSON-LD with its profile."""
        kind, profile = media_type(self.headers.get("content-type", ""))
        return kind == ACTIVITY or (kind == LINKED_DATA and ACTIVITY_STREAMS in profile.split())

    def expect(self, *types: str) -> "Answer":
        """Itself, when successful and of one of these media types. Raises BadAnswer."""
        if not self.is_success or (types and self.content_type not in types):
            raise BadAnswer(cause=f"{self.url}: status {self.status}, {self.content_type or 'no type'}")
        return self

    def expect_activity(self) -> "Answer":
        """Itself, when it is a successful ActivityPub document. Raises BadAnswer."""
        if not self.is_success or not self.is_activity:
            raise BadAnswer(cause=f"{self.url}: status {self.status}, {self.content_type or 'no type'}")
        return self


def media_type(value: str) -> tuple[str, str]:
    """The media type (lower case) and the `profile` parameter of a Content-Type (RFC 9110 §8.3.1)."""
    if ";" not in value:
        return value.strip().lower(), ""
    message = Message()
    message["content-type"] = value
    profile = message.get_param("profile", "")
    return value.partition(";")[0].strip().lower(), profile if isinstance(profile, str) else ""
