"""The words of an event's state, for sentences; screens also wear them as coloured tags."""

from kit.i18n import lazy

WORDS = {
    "draft": lazy("draft"),
    "published": lazy("published"),
    "postponed": lazy("postponed"),
    "cancelled": lazy("cancelled"),
    "moved_online": lazy("moved online"),
    "archived": lazy("archived"),
    "deleted": lazy("deleted"),
}


def state_word(status: str) -> str:
    """The state in the reader's language, in small letters."""
    return str(WORDS.get(status, status))
