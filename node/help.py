"""Help for four kinds of people, written in Markdown, one file a language."""

from dataclasses import dataclass
from functools import cache

from markupsafe import Markup

from kit.i18n import LOCALE, Lazy, lazy


@dataclass(frozen=True)
class Audience:
    """Who reads: the name in the address, the words and the icon on screen."""

    name: str
    title: Lazy
    icon: str


AUDIENCES = (
    Audience("public", lazy("I go out"), "users"),
    Audience("collective", lazy("I run a collective"), "house"),
    Audience("cashier", lazy("I hold the till"), "cash-register"),
    Audience("host", lazy("I install a node"), "gear"),
)


@cache
def help_text(language: str, audience: str) -> Markup:
    """The page as HTML; our own Markdown, so nothing needs cleaning."""
    from markdown_it import MarkdownIt  # heavy, and an idle node needs none of it

    text = (LOCALE / language / "help" / f"{audience}.md").read_text(encoding="utf-8")
    return Markup(MarkdownIt("commonmark", {"html": False}).enable("table").render(text))  # noqa: S704
