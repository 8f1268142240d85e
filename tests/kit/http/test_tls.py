"""https: connected to the checked address, trusted by the name in the URL."""

import ssl
from collections.abc import Iterable
from pathlib import Path

import pytest

from kit.http import lines
from kit.http.client import GuardedClient
from kit.http.errors import Unreachable
from kit.http.stream import WireStream, connect
from tests.kit.http.certificates import server_and_roots
from tests.kit.http.names import Names
from tests.stand_ins import answer, serving

PUBLIC = ["93.184.216.34", "2606:4700::6810:84e5"]


class Detour:
    """Public addresses end on a loopback port; what was to be connected to is noted."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.asked: list[tuple[list[str], int, str]] = []

    async def __call__(
        self, addresses: Iterable[str], port: int, *, tls: ssl.SSLContext | None, name: str, seconds: float
    ) -> WireStream:
        self.asked.append((list(addresses), port, name))
        return await connect(["127.0.0.1"], self.port, tls=tls, name=name, seconds=seconds)


def detour(monkeypatch: pytest.MonkeyPatch, port: int) -> Detour:
    road = Detour(port)
    monkeypatch.setattr(lines, "connect", road)
    return road


async def test_the_checked_address_with_the_name_s_certificate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, roots = server_and_roots(tmp_path, "a.example")
    names = Names(a_example=PUBLIC)
    client = GuardedClient("https://node.example", resolver=names, tls=roots)
    async with serving(answer(b"{}"), tls=server) as there, client as http:
        road = detour(monkeypatch, there.port)
        for _ in range(3):
            assert (await http.post("https://A.example/inbox", b"x" * 300_000)).status == 200
    assert road.asked == [(PUBLIC, 443, "a.example")]
    assert names.asked == ["a.example"]
    assert there.asked[0].headers["host"] == "a.example"
    assert len(there.asked[2].body) == 300_000


async def test_another_name_s_certificate_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server, roots = server_and_roots(tmp_path, "b.example")
    client = GuardedClient("https://node.example", resolver=Names(a_example=PUBLIC), tls=roots)
    async with serving(answer(b"{}"), tls=server) as there, client as http:
        detour(monkeypatch, there.port)
        with pytest.raises(Unreachable):
            await http.get("https://a.example/")
    assert there.asked == []


async def test_an_unknown_authority_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server, _ = server_and_roots(tmp_path, "a.example")
    client = GuardedClient("https://node.example", resolver=Names(a_example=PUBLIC))
    async with serving(answer(b"{}"), tls=server) as there, client as http:
        detour(monkeypatch, there.port)
        with pytest.raises(Unreachable):
            await http.get("https://a.example/")


async def test_plain_words_before_the_handshake_are_not_an_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, roots = server_and_roots(tmp_path, "a.example")
    client = GuardedClient("https://node.example", resolver=Names(a_example=PUBLIC), tls=roots)
    words = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na"
    async with serving(answer(b"{}"), greeting=words) as there, client as http:
        detour(monkeypatch, there.port)
        with pytest.raises(Unreachable):
            await http.get("https://a.example/", deadline=2)
