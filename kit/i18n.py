"""Words in the reader's language: English sentences are the source, gettext catalogues translate them."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parent.parent / "locale"
SOURCE = "en"
LANGUAGES = ("fr", "en")

_language: ContextVar[str] = ContextVar("language", default=SOURCE)


class Lazy:
    """A sentence known when the module loads, translated each time it is shown."""

    __slots__ = ("message",)

    def __init__(self, message: str) -> None:
        self.message = message

    def __str__(self) -> str:
        return gettext(self.message)

    def __html__(self) -> str:
        return str(self).replace("&", "&amp;").replace("<", "&lt;").replace('"', "&#34;")


def lazy(message: str) -> Lazy:
    """Mark `message` for translation now, translate it when it is read."""
    return Lazy(message)


def language() -> str:
    """The language of the present reader: "fr" or "en"."""
    return _language.get()


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Everything said inside the block is said in `code`."""
    token = _language.set(code if code in LANGUAGES else SOURCE)
    try:
        yield
    finally:
        _language.reset(token)


def gettext(message: str) -> str:
    """The sentence in the reader's language, or the English one where there is none."""
    return _sentences(_language.get()).get(message, (message,))[0]


def ngettext(one: str, many: str, count: int) -> str:
    """The singular or plural sentence for `count` (French counts 0 as singular)."""
    code = _language.get()
    forms = _sentences(code).get(one)
    if forms is None or len(forms) < 2:
        return one if count == 1 else many
    return forms[0 if count < 2 else 1]


def _(message: str) -> str:
    return gettext(message)


def choose_language(wanted: str | None, accept_language: str, usual: str) -> str:
    """The reader's own choice, else the browser's first known language, else the collective's."""
    if wanted in LANGUAGES:
        return wanted
    for part in accept_language.split(","):
        code = part.split(";")[0].strip().lower()[:2]
        if code in LANGUAGES:
            return code
    return usual if usual in LANGUAGES else SOURCE


@cache
def _sentences(code: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for path in sorted((LOCALE / code).glob("*.po")):
        found.update(_read_catalogue(path, code))
    return found


def _read_catalogue(path: Path, code: str) -> dict[str, tuple[str, ...]]:
    with path.open("rb") as file:
        catalogue: Catalog = read_po(file, locale=code)
    pairs = ((message.id, message.string) for message in catalogue if message.id and message.string)
    return {
        (identity if isinstance(identity, str) else identity[0]): (
            (text,) if isinstance(text, str) else tuple(text)
        )
        for identity, text in pairs
        if (text if isinstance(text, str) else all(text))
    }
