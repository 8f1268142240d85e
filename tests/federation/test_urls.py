"""Origins: who is the same, who only looks so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.urls import authority, origin, same_origin, web_url


@pytest.mark.parametrize(("url", "found"), [
    ("https://A.example:443/x?y#z", "https://a.example"),
    ("http://127.0.0.1:8101/actor", "http://127.0.0.1:8101"),
    ("http://[::1]:8101/", "http://[::1]:8101"),
    ("http://a.example:80", "http://a.example"),
    ("https://a.example:80", "https://a.example:80"),
    ("ftp://a.example", ""), ("https://u@a.example", ""), ("nonsense", ""), ("https://a.example:99999", ""),
])  # fmt: skip
def test_origin(url: str, found: str) -> None:
    assert origin(url) == found


def test_same_origin() -> None:
    assert same_origin("https://a.example/x", "https://A.EXAMPLE:443/y")
    assert not same_origin("https://a.example/x", "http://a.example/x")
    assert not same_origin("https://a.example/x", "https://a.example.evil/x")
    assert not same_origin("https://a.example@evil.example/", "https://a.example/")
    assert not same_origin("nonsense", "nonsense")


def test_authority() -> None:
    assert authority("https://Example.com:443/") == "example.com"
    assert authority("https://example.com:8443/") == "example.com:8443"


@given(
    st.text(max_size=60)
    | st.text(max_size=60).map(lambda text: f"https://{text}")
    | st.none()
    | st.integers()
)
def test_anything_is_an_address_or_none(value: object) -> None:
    found = web_url(value)
    assert found is None or (found == value and origin(found).startswith("http"))
