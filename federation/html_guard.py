"""HTML and addresses written elsewhere, made safe to show: an allow-list, never a list of dangers."""

from functools import cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

from federation.urls import LONGEST, web_url

if TYPE_CHECKING:
    import nh3

_BLOCKS: Final = {"p", "li", "dd", "dt", "pre", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"}
_INLINE: Final = {"a", "abbr", "b", "code", "del", "em", "i", "ins", "kbd", "mark", "q", "s", "small"}
_OTHERS: Final = {"br", "dl", "hr", "ol", "span", "strong", "sub", "sup", "u", "ul", "var", "wbr"}
TAGS: Final = frozenset(_BLOCKS | _INLINE | _OTHERS)
"""No image, no media, no frame, no form, no style: pictures come as attachments, through our checks."""

SCHEMES: Final = frozenset({"https", "http", "mailto", "tel"})
REL: Final = "nofollow noopener"

_DROPPED: Final = {
    "script", "style", "template", "noscript", "iframe", "object", "svg", "math", "title",
}  # fmt: skip


@cache
def _cleaner() -> "nh3.Cleaner":
    import nh3  # loaded with the first text: an idle node goes without it

    return nh3.Cleaner(
        tags=set(TAGS),
        clean_content_tags=_DROPPED,
        attributes={"a": {"href", "hreflang"}, "*": {"lang", "dir"}, "ol": {"start", "reversed"}},
        url_schemes=set(SCHEMES),
        url_relative="deny",
        link_rel=REL,
    )


def clean_html(html: str) -> str:
    """`html` with only the tags, attributes and schemes above; relative addresses lose their link.

    The result is safe inside an element of a page, never inside an attribute or a script.
    """
    return _cleaner().clean(html)


def plain_text(html: str) -> str:
    """The words of `html` alone, a line per paragraph. Not escaped: a template must escape them again."""
    reader = _Words()
    reader.feed(clean_html(html))
    reader.close()
    return "".join(reader.found).strip()


def link_address(value: object) -> str | None:
    """`value` when it may stand in a link on a page: http(s), `mailto:` or `tel:`; None otherwise."""
    if not isinstance(value, str) or len(value) > LONGEST:
        return None
    scheme, colon, rest = value.partition(":")
    if colon and scheme.lower() in {"mailto", "tel"}:
        return value if rest.isprintable() and rest.strip() and "\\" not in rest else None
    return web_url(value)


class _Words(HTMLParser):
    """Collects text; blocks and breaks end a line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "br":
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS and self.found and not self.found[-1].endswith("\n"):
            self.found.append("\n")
