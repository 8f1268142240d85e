"""What a page carries: versioned files, one home for each, light enough for a slow line."""

import re

from kit.assets import STATIC, static
from kit.templates import TEMPLATES

KB = 1000


def size(*names: str) -> int:
    return sum((STATIC / name).stat().st_size for name in names)


def sheets(head: str) -> list[str]:
    listed = re.search(r"for sheet in \(([^)]*)\)", head)
    assert listed
    return [f"css/{name}.css" for name in re.findall(r'"(\w+)"', listed[1])]


def test_an_address_changes_with_its_file() -> None:
    assert re.fullmatch(r"/static/js/site\.js\?v=[0-9a-f]{10}", static("js/site.js"))
    assert static("js/site.js") != static("css/base.css")


def sheets_of_pages() -> set[frozenset[str]]:
    """Which sheets of their own the templates ask for, together."""
    texts = (path.read_text("utf-8") for path in TEMPLATES.rglob("*.html"))
    asked = (found for text in texts for found in re.findall(r"set sheets = \(([^)]*)\)", text))
    return {frozenset(f"css/{name}.css" for name in re.findall(r'"([\w-]+)"', names)) for names in asked}


def test_a_page_carries_less_than_40_kb_of_styles() -> None:
    common = sheets((TEMPLATES / "_shared/head.html").read_text("utf-8"))
    pages = sheets_of_pages()
    assert frozenset({"css/my-money.css"}) in pages
    assert {size(*common, *own) < 40 * KB for own in pages} == {True}


def test_fonts_are_light_and_their_version_is_the_same_everywhere() -> None:
    fonts = sorted(path.name for path in (STATIC / "fonts").glob("*.woff2"))
    assert size(*(f"fonts/{name}" for name in fonts)) < 42 * KB
    named = re.compile(r"fonts/([\w-]+\.woff2)\?v=(\d+)")
    tokens = dict(named.findall((STATIC / "css/tokens.css").read_text("utf-8")))
    head = dict(named.findall((TEMPLATES / "_shared/head.html").read_text("utf-8")))
    assert sorted(tokens) == fonts
    assert head.items() <= tokens.items()
