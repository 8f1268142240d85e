"""Rich text: Markdown without HTML from people, HTML from other nodes; both leave through one allow-list.

Both libraries are loaded when the first text comes: an idle node goes without them (ADR 0012).
"""

import html
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

TAGS = {"p", "br", "hr", "strong", "em", "b", "i", "u", "s", "del", "ins", "mark", "small", "sub", "sup"} | {
    "ul",
    "ol",
    "li",
    "blockquote",
    "code",
    "pre",
    "h3",
    "h4",
    "a",
}
DROPPED = {"script", "style", "iframe", "object", "template", "noscript", "textarea", "title", "svg", "math"}
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto", "tel"}
MOST_BRACKETS = 500
BLOCK_ENDS = ("</p>", "</li>", "</h3>", "</h4>", "</blockquote>", "</pre>", "<br>", "<hr>")


def from_markdown(source: str) -> str:
    """The safe HTML of a text written by people; headings begin at the third level."""
    parser = _parser(with_links=source.count("[") <= MOST_BRACKETS)
    tokens = parser.parse(source)
    _lower_headings(tokens)
    return clean(parser.renderer.render(tokens, parser.options, {}))


def clean(markup: str) -> str:
    """Keep what the allow-list knows; links say `nofollow noopener` and lead to web, mail or telephone."""
    import nh3

    return nh3.clean(
        markup,
        tags=TAGS,
        clean_content_tags=DROPPED,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        url_relative="deny",
        link_rel="nofollow noopener",
    )


def plain(markup: str, most: int | None = None) -> str:
    """The words of some safe HTML, on one line, cut at a word near `most` characters."""
    import nh3

    for end in BLOCK_ENDS:
        markup = markup.replace(end, end + " ")
    text = " ".join(html.unescape(nh3.clean(markup, tags=set(), clean_content_tags=DROPPED)).split())
    if most is None or len(text) <= most:
        return text
    return text[:most].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


def is_safe_link(address: str, schemes: Sequence[str] = ("https", "http")) -> bool:
    """Whether `address` may be shown as a link: a known scheme, a host, no space, no control character."""
    scheme, found, rest = address.partition("://")
    host = rest.partition("/")[0]
    printable = address.isprintable() and " " not in address and len(address) <= 2000
    return bool(found and host and printable and scheme.lower() in schemes and "@" not in host)


@cache
def _parser(*, with_links: bool) -> "MarkdownIt":
    """Thousands of open brackets cost the square of their number: such a text gets no links."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("js-default", {"html": False, "linkify": False, "breaks": True}).disable("image")
    return parser if with_links else parser.disable("link")


def _lower_headings(tokens: "list[Token]") -> None:
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = "h3" if token.tag in {"h1", "h2", "h3"} else "h4"
