"""Every sentence of the screens, and its French: ``python -m tests.house.messages`` lists what is missing.

The printed entries are ready to be pasted into ``locale/fr/<room>.po`` and translated by hand.
With names of rooms (``python -m tests.house.messages agenda people``), only those rooms are listed.
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes
from jinja2.ext import babel_extract

from kit.i18n import LOCALE
from tests.house import tree

MARKS = {"_", "lazy", "gettext", "ngettext"}
HOLES = re.compile(r"%\(\w+\)[sd]|%[sd]|(?<!\{)\{\w*[^{}]*\}(?!\})")
# Pieces of a template that are no words: tags, comments, entities, scripts, and code shown as code.
UNSEEN = re.compile(r"<(script|style|code|kbd)\b.*?</\1>|<!--.*?-->|<[^>]*>|&#?\w+;", flags=re.DOTALL)
# A piece that stands inside a tag, between two expressions.
ATTRIBUTE = re.compile(r'\s*(?:[\w:-]+="|-\w+"?$|"[\s>]|-\w+[" ])')
# Attributes that readers hear or see, with words of their own.
SPOKEN = re.compile(r'\s(?:alt|title|aria-label|placeholder)="[^"{]*[^\W\d_]{3}[^"{]*"')
Text = str | tuple[str, str]


@dataclass
class Sentence:
    """One English sentence (or singular and plural) and the places that say it."""

    text: Text
    places: list[str] = field(default_factory=list)

    @property
    def rooms(self) -> set[str]:
        """The packages or template folders that say it."""
        parts = [place.split("/") for place in self.places]
        return {name[1] if name[0] == "templates" and len(name) > 2 else name[0] for name in parts}


def key(text: str | Sequence[str]) -> str:
    """What a catalogue finds a sentence by: its singular."""
    return text if isinstance(text, str) else text[0]


def french_of(message: Message) -> list[str]:
    """The one or two French texts of an entry; empty where there is none."""
    return [message.string] if isinstance(message.string, str) else list(message.string or ("",))


@cache
def sentences() -> dict[str, Sentence]:
    """All sentences that the code and the templates say, by key."""
    found: dict[str, Sentence] = {}
    for text, place in (*_of_python(), *_of_templates()):
        sentence = found.setdefault(key(text), Sentence(text))
        if isinstance(text, tuple):
            sentence.text = text
        sentence.places.append(place)
    return found


def _of_python() -> Iterator[tuple[Text, str]]:
    for path in tree.product():
        for node in ast.walk(tree.parsed(path)):
            if isinstance(node, ast.Call) and (text := _said(node)):
                yield text, f"{tree.named(path)}:{node.lineno}"


def _said(call: ast.Call) -> Text | None:
    """The literal sentence given to one of the marking functions."""
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    if name not in MARKS:
        return None
    words = [arg.value for arg in call.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    if name == "ngettext":
        return (words[0], words[1]) if len(words) == 2 else None
    return words[0] if words and words[0] else None


def _templates() -> list[Path]:
    return [path for suffix in (".html", ".txt", ".xml") for path in tree.under("templates", suffix=suffix)]


def _of_templates() -> Iterator[tuple[Text, str]]:
    options = {
        "extensions": "jinja2.ext.do",
        "trim_blocks": "true",
        "lstrip_blocks": "true",
        "silent": "false",
    }
    for path in _templates():
        with path.open("rb") as file:
            for line, _function, message, _comments in babel_extract(
                file, ["_", "gettext", "ngettext"], [], options
            ):
                text = message if isinstance(message, str) else _pair(message or ())
                if text:
                    yield text, f"{tree.named(path)}:{line}"


def _pair(message: tuple[str | None, ...]) -> Text | None:
    words = [word for word in message if word]
    if len(words) >= 2:
        return (words[0], words[1])
    return words[0] if words else None


def catalogues(language: str = "fr") -> dict[Path, Catalog]:
    """The catalogues of one language, by file."""
    found = {}
    for path in sorted((LOCALE / language).glob("*.po")):
        with path.open("rb") as file:
            found[path] = read_po(file, locale=language, abort_invalid=True)
    return found


def entries(language: str = "fr") -> Iterator[tuple[Path, Message]]:
    """Every entry of every catalogue, without the headers."""
    for path, catalogue in catalogues(language).items():
        for message in catalogue:
            if message.id:
                yield path, message


def translated(language: str = "fr") -> dict[str, list[Message]]:
    """Entries that are wholly translated and sure, by key."""
    found: dict[str, list[Message]] = defaultdict(list)
    for _path, message in entries(language):
        if all(text.strip() for text in french_of(message)) and not message.fuzzy:
            found[key(message.id)].append(message)
    return found


def missing() -> list[Sentence]:
    """Sentences without a sure and whole French."""
    french = translated()
    return [
        sentence for name, sentence in sentences().items() if not _is_said(sentence, french.get(name, []))
    ]


def _is_said(sentence: Sentence, french: list[Message]) -> bool:
    wants_plural = isinstance(sentence.text, tuple)
    return any(not wants_plural or isinstance(message.id, tuple) for message in french)


def unused() -> list[str]:
    """French entries that nothing says any more, and those marked as obsolete, with their file."""
    said = sentences()
    living = [f"{path.name}: {key(m.id)!r}" for path, m in entries() if key(m.id) not in said]
    kept = [f"{path.name}: {text!r} (obsolete)" for path, c in catalogues().items() for text in c.obsolete]
    return living + kept


def contradictions() -> list[str]:
    """Sentences that two files say differently in French."""
    return [
        f"{name!r}: {sorted({str(m.string) for m in messages})}"
        for name, messages in translated().items()
        if len({str(m.string) for m in messages}) > 1
    ]


def broken_holes() -> list[str]:
    """Entries whose French does not have the same blanks to fill as the English."""
    return [
        f"{name!r}: {french_of(message)}"
        for name, messages in translated().items()
        for message in messages
        if not _fills_the_same(message)
    ]


def _fills_the_same(message: Message) -> bool:
    """A singular may leave its number out ("one place left"); the last form has every blank."""
    english = set(HOLES.findall(message.id if isinstance(message.id, str) else message.id[-1]))
    *singular, last = (set(HOLES.findall(text)) for text in french_of(message))
    return last == english and all(form <= english for form in singular)


def bare_text() -> list[str]:
    """Words of templates that are shown but never given to translation."""
    environment = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True)
    found = []
    for path in tree.under("templates", suffix=".html"):
        text = path.read_text(encoding="utf-8")
        found += [f"{tree.named(path)}: {said.group()!r}" for said in SPOKEN.finditer(text)]
        source = environment.parse(text)
        page = UNSEEN.sub("\0", "\0".join(_literals(source)))
        found += [
            f"{tree.named(path)}: {word.strip()!r}" for word in re.findall(r"[^\0]*[^\W\d_]{3}[^\0]*", page)
        ]
    return found


def _literals(source: nodes.Template) -> Iterator[str]:
    """The literal pieces in order, without the attributes that a macro gives to its caller's tag."""
    in_tag = False
    for data in source.find_all(nodes.TemplateData):
        piece = str(data.data)
        if in_tag or not ATTRIBUTE.match(piece):
            yield piece
            in_tag = piece.rfind("<") > piece.rfind(">") if {"<", ">"} & set(piece) else in_tag


def show(wanted: list[Sentence]) -> str:
    """Entries ready for a catalogue, grouped by the room that says them."""
    return "\n".join(
        f"#: {' '.join(sentence.places[:3])}\nmsgid {_quoted(key(sentence.text))}\n" + _blanks(sentence.text)
        for sentence in sorted(wanted, key=lambda sentence: sentence.places[0])
    )


def _blanks(text: Text) -> str:
    if isinstance(text, str):
        return 'msgstr ""\n'
    return f'msgid_plural {_quoted(text[1])}\nmsgstr[0] ""\nmsgstr[1] ""\n'


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


if __name__ == "__main__":
    rooms = set(sys.argv[1:])
    asked = [sentence for sentence in missing() if not rooms or sentence.rooms & rooms]
    sys.stdout.write(show(asked))
    sys.stderr.write(f"{len(asked)} sentences without French.\n")
