"""The words of a screen, compared with the catalogues."""

import re
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po
from playwright.sync_api import Page

FRENCH = Path(__file__).resolve().parents[2] / "locale" / "fr"
HOLE = re.compile(r"%\(\w+\)|{\w*}|{{|{%")
COLLECT = """
() => {
  const said = [];
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.parentElement.closest("script, style, pre, code, [lang]:not(html)")) said.push(node.data);
  }
  for (const name of ["title", "alt", "placeholder", "aria-label", "aria-description", "data-sending"]) {
    for (const one of document.querySelectorAll(`[${name}]`)) said.push(one.getAttribute(name));
  }
  for (const one of document.querySelectorAll("meta[name=description]")) said.push(one.content);
  return said.map((one) => one.replace(/\\s+/g, " ").trim()).filter((one) => one);
}
"""


@cache
def translated() -> dict[str, str]:
    """English sentences whose French differs; those with a variable part are left out."""
    pairs: dict[str, str] = {}
    for path in sorted(FRENCH.glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="fr"):
                if isinstance(message.id, str) and message.id and not HOLE.search(message.id):
                    pairs[_plain(message.id)] = _plain(str(message.string))
    return {english: french for english, french in pairs.items() if english.lower() != french.lower()}


def foreign_words(page: Page, language: str) -> list[str]:
    """Sentences of the other language on this screen, and variables left open.

    On English screens only whole sentences count: what a collective wrote itself stays in its language.
    """
    said = {_plain(one) for one in page.evaluate(COLLECT)}
    pairs = translated()
    if language == "fr":
        wrong = said & set(pairs) - set(pairs.values())
    else:
        wrong = {one for one in said & set(pairs.values()) - set(pairs) if one.count(" ") >= 2}
    return sorted(wrong) + sorted(one for one in said if HOLE.search(one))


def _plain(text: str) -> str:
    return " ".join(text.replace("\xa0", " ").replace("\u202f", " ").split())
