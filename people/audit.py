"""Writing the audit log, in the transaction of the act itself. Every back-office write calls `record`."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from kit import clock
from kit.auth import Principal
from kit.i18n import Lazy
from people.models.audit import AuditEntry
from people.models.person import Person
from people.words import folded

SECRETS = frozenset({"secret", "token", "code", "password", "hash", "cookie", "link"})
SECRET_ENDS = ("_secret", "_token", "_password", "_hash", "_cookie")
LONGEST = 500


def record(
    session: Session,
    by: Principal,
    verb: Lazy | str,
    about: str = "",
    *,
    kind: str = "",
    about_id: object = "",
    details: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Note that `by` did `verb` (`lazy("Event published")`) about `about` (its name, readable).

    `kind` and `about_id` find the thing again ("event", its id). Values whose key smells of a secret are
    left out of `details`.
    """
    sentence = verb.message if isinstance(verb, Lazy) else verb
    entry = AuditEntry(
        at=clock.now(),
        who_id=by.person_id,
        who_name=_who(by)[:LONGEST],
        how=_how(by),
        verb=sentence,
        kind=kind,
        about=about[:LONGEST],
        about_id=str(about_id or ""),
        details=_without_secrets(details or {}),
        search=folded(f"{_who(by)} {sentence} {about}"),
    )
    session.add(entry)
    return entry


def itself(person: Person) -> Principal:
    """The person as the one who acts, when they proved it by mail instead of by a session."""
    return Principal(person.id, person.name, person.email, session_id=person.id)


def _who(by: Principal) -> str:
    return by.name or by.email


def _how(by: Principal) -> str:
    if by.scopes is not None:
        return "token"
    return "screen" if by.session_id else "command"


def _without_secrets(details: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in details.items() if not _is_secret(name.lower())}


def _is_secret(name: str) -> bool:
    return name in SECRETS or name.endswith(SECRET_ENDS)


def _plain(value: Any) -> Any:
    """Only what JSON holds; anything else as its words."""
    if isinstance(value, frozenset | set):
        return sorted(str(part) for part in value)
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
