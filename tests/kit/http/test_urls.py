"""Addresses taken apart: one spelling for each place, and no spelling that two readers read differently."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.http.errors import AddressRefused
from kit.http.urls import join, origin_of, parse, same_origin

REFUSED = [
    "",
    "a.example/x",
    "//a.example/x",
    "ftp://a.example/",
    "file:///etc/passwd",
    "gopher://a.example/",
    "javascript:alert(1)",
    "https:///x",
    "https:/a.example/x",
    "https://",
    "https://user@a.example/",
    "https://user:password@a.example/",
    "https://@a.example/",
    "https://a.example@b.example/",
    "https://a.example\\@b.example/",
    "https://a.example/\nHost: b",
    "https://a.example /",
    "https://a.example:0/",
    "https://a.example:99999/",
    "https://a.example:443x/",
    "https://a.example:+443/",
    "https://a.example:/",
    "https://a.example.:443/",
    "https://a..example/",
    "https://-a.example/",
    "https://a%2eexample/",
    "https://%31%32%37.0.0.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://0177.0.0.01/",
    "https://a.0x/",
    "https://256.1.1.1/",
    "https://[::1/",
    "https://[fe80::1%25eth0]/",
    "https://[::1]x/",
    "https://\u2488.example/",
    "https://a\u200b\u3002/",
    "https://" + "a" * 64 + ".example/",
    "https://" + "a.example/" * 300,
]


@pytest.mark.parametrize("url", REFUSED)
def test_doubtful_addresses_are_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        parse(url)
    assert not same_origin(url, url)


@pytest.mark.parametrize(
    ("url", "normal", "origin"),
    [
        ("HTTPS://A.Example:443", "https://a.example/", "https://a.example"),
        ("http://a.example:80/x", "http://a.example/x", "http://a.example"),
        ("https://a.example:8443/x?y=1#z", "https://a.example:8443/x?y=1", "https://a.example:8443"),
        ("https://a.example/a/../b", "https://a.example/b", "https://a.example"),
        (
            "https://Bücher.example/é",
            "https://xn--bcher-kva.example/%C3%A9",
            "https://xn--bcher-kva.example",
        ),
        ("https://ｅｘａｍｐｌｅ.com/", "https://example.com/", "https://example.com"),
        ("https://[2606:4700:0::1]/", "https://[2606:4700::1]/", "https://[2606:4700::1]"),
        ("http://[::1]:8101/x", "http://[::1]:8101/x", "http://[::1]:8101"),
        ("https://1.1.1.1/", "https://1.1.1.1/", "https://1.1.1.1"),
    ],
)
def test_one_spelling(url: str, normal: str, origin: str) -> None:
    assert parse(url).url == normal
    assert origin_of(url) == origin
    assert parse(normal) == parse(url)
    assert same_origin(url, normal)


def test_full_width_digits_are_read_before_they_are_judged() -> None:
    assert parse("https://１２７.0.0.1/").is_local


def test_origins_differ_by_scheme_host_and_port() -> None:
    assert not same_origin("https://a.example", "http://a.example")
    assert not same_origin("https://a.example", "https://b.example")
    assert not same_origin("https://a.example", "https://a.example:8443")


def test_what_says_that_it_is_this_machine() -> None:
    for url in ("http://127.9.9.9/", "http://localhost:1/", "http://a.localhost/", "http://[::1]/"):
        assert parse(url).is_local
    for url in ("http://localhost.example/", "http://[::ffff:7f00:1]/", "http://10.0.0.1/"):
        assert not parse(url).is_local


def test_join_reads_a_location_where_it_was_said() -> None:
    base = parse("https://a.example/x/y")
    assert join(base, "z").url == "https://a.example/x/z"
    assert join(base, "//b.example/z").url == "https://b.example/z"
    with pytest.raises(AddressRefused):
        join(base, "ftp://a.example/")
    with pytest.raises(AddressRefused):
        join(base, "https://user@a.example/")


@given(st.text(max_size=60), st.text(max_size=20))
def test_any_text_is_an_address_or_a_named_refusal(host: str, path: str) -> None:
    for url in (host, f"https://{host}/{path}"):
        try:
            target = parse(url)
        except AddressRefused:
            continue
        assert target.url.isascii()
        assert "@" not in target.authority
        assert parse(target.url) == target
