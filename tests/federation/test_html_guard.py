"""HTML from elsewhere: nothing runs, nothing loads, nothing leads to our own pages in disguise."""

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federation.html_guard import TAGS, clean_html, link_address, plain_text


@pytest.mark.parametrize(("html", "clean"), [
    ('<a href="https://a.example/x">x</a>', '<a href="https://a.example/x" rel="nofollow noopener">x</a>'),
    ('<a href="mailto:a@b.example" target="_blank" class="mention" onclick="x()">m</a>',
     '<a href="mailto:a@b.example" rel="nofollow noopener">m</a>'),
    ('<a href="javascript:alert(1)">x</a>', '<a rel="nofollow noopener">x</a>'),
    ('<a href=" java\nscript:alert(1)">x</a>', '<a rel="nofollow noopener">x</a>'),
    ('<a href="data:text/html,x">x</a>', '<a rel="nofollow noopener">x</a>'),
    ('<a href="//evil.example">x</a>', '<a rel="nofollow noopener">x</a>'),
    ('<a href="/sign-out">x</a>', '<a rel="nofollow noopener">x</a>'),
    ("<script>alert(1)</script>ok", "ok"),
    ("<svg><script>x</script></svg>ok", "ok"),
    ("<math><style>x</style></math>ok", "ok"),
    ('<iframe src="https://a.example"></iframe>ok', "ok"),
    ('<img src="https://a.example/x.png" onerror="x()">ok', "ok"),
    ('<form action="/x"><input name="a"><button>b</button></form>', "b"),
    ('<p style="position:fixed" id="main" class="x">p</p>', "<p>p</p>"),
    ('<p lang="fr" dir="rtl">p</p>', '<p lang="fr" dir="rtl">p</p>'),
    ("<!-- hidden -->a<b>b", "a<b>b</b>"),
    ("1 < 2 & 3", "1 &lt; 2 &amp; 3"),
    ("<details open ontoggle=alert(1)>x", "x"),
    ("<p>é 🐄</p>", "<p>é 🐄</p>"),
])  # fmt: skip
def test_cleaned(html: str, clean: str) -> None:
    found = clean_html(html)
    assert found.replace('dir="rtl" lang="fr"', 'lang="fr" dir="rtl"') == clean


@pytest.mark.parametrize(("html", "text"), [
    ("<p>One</p><p>two &amp; <b>three</b></p>", "One\ntwo & three"),
    ("line<br>break", "line\nbreak"),
    ("<script>x</script>&lt;b&gt;", "<b>"),
    ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
    ("", ""),
])  # fmt: skip
def test_plain_text(html: str, text: str) -> None:
    assert plain_text(html) == text


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}


pieces = st.sampled_from(
    [
        *("<", ">", "</", "/>", "script", "svg", "a", "p", "img", "title", "noscript", "template", "math"),
        *(" href=", " onload=", " style=", '"', "'", "javascript:", "<!--", "-->", "<![CDATA[", "]]>"),
        *("&#x", "&lt;", "\0", "\n", "x"),
    ]
)


@settings(deadline=None, max_examples=300)
@given(st.lists(pieces, max_size=30).map("".join) | st.text(max_size=100))
def test_anything_becomes_safe_and_stays_so(html: str) -> None:
    cleaned = clean_html(html)
    tags = Tags()
    tags.feed(cleaned)
    assert tags.seen <= TAGS
    assert not any(name.startswith("on") or name in {"style", "class", "id"} for name in tags.attributes)
    assert clean_html(cleaned) == cleaned
    assert isinstance(plain_text(html), str)


@pytest.mark.parametrize(
    "address", ["https://a.example/x?y=é#z", "http://a.example", "mailto:a@b.example", "tel:+33123"]
)
def test_addresses_that_may_be_links(address: str) -> None:
    assert link_address(address) == address


@pytest.mark.parametrize(
    "address",
    [
        None,
        3,
        "",
        "javascript:x",
        "JAVASCRIPT:x",
        "data:text/html,x",
        "//a.example",
        "/x",
        "ftp://a.example",
        "https://",
        "https://u:p@a.example",
        "https://a b.example",
        "https://a.example/\n",
        "https://[::1",
        "https://a.example:0",
        "https://a\\b.example",
        "mailto:",
        "mailto:a\nb",
        "vbscript:x",
        "https://a.example/" + "x" * 3000,
    ],
)
def test_addresses_that_may_not(address: object) -> None:
    assert link_address(address) is None
