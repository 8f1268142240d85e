"""What happened, in plain words, for whoever must understand why a seed failed."""

from datetime import UTC, datetime
from typing import Final

from wallet.simulation.timeline import START

NAMES: Final = ("Café", "Grange", "Atelier", "Four", "Halle", "Ferme")
PEOPLE: Final = ("Ana", "Bilal", "Chloé", "Driss", "Elsa", "Fatou", "Gaël", "Hugo", "Inès")
HOSTS: Final = ("cafe", "grange", "atelier", "four", "halle", "ferme")


class Story:
    """Sentences with their time. A story that nobody reads costs nothing."""

    def __init__(self, is_told: bool) -> None:
        self.is_told = is_told
        self.lines: list[str] = []

    def tell(self, at: int, text: str) -> None:
        """Add a sentence; write `if story.is_told` around what is dear to word."""
        if self.is_told:
            self.lines.append(f"{clock(at)}  {text}")


def clock(at: int) -> str:
    """The time of a moment, with the day when it is not the first one."""
    moment = datetime.fromtimestamp(at / 1000, UTC)
    days = (moment.date() - datetime.fromtimestamp(START / 1000, UTC).date()).days
    return f"{'' if not days else f'day {days + 1}, '}{moment:%H:%M:%S}.{at % 1000:03}"


def place(origin: str) -> str:
    """The name of the node of this address."""
    host = origin.removeprefix("https://").split(".")[0]
    return NAMES[HOSTS.index(host)] if host in HOSTS else host


def money(amount: int, asset: str) -> str:
    """ "4.50 beans of the Café"."""
    host, _, code = asset.partition("/")
    return f"{amount / 100:.2f} {code} of the {place(host)}"
