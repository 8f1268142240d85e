"""Requests to the nodes of the demonstration, on this machine and without TLS."""

import ssl
from typing import Any, Final

import httpx2

SECONDS: Final = 60
PLAIN: Final = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Trusts nobody, and is never used. Reading the machine's authorities anew takes longer than a request."""


def send(method: str, url: str, *, timeout: float = SECONDS, **more: Any) -> httpx2.Response:
    """One request, whatever it answers. Raises httpx2.HTTPError when nobody does."""
    return httpx2.request(method, url, timeout=timeout, trust_env=False, verify=PLAIN, **more)


def new_client(url: str, headers: dict[str, str]) -> httpx2.Client:
    """A client that keeps its cookies and follows where it is sent."""
    return httpx2.Client(
        base_url=url, headers=headers, follow_redirects=True, timeout=SECONDS, trust_env=False, verify=PLAIN
    )
