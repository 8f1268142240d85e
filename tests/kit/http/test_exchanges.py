"""One exchange with real servers: what goes out, what comes back."""

import asyncio
import gzip
from collections.abc import Mapping

import pytest

from kit.http.client import GuardedClient
from kit.http.errors import BadAnswer, LineEnded, Unreachable
from kit.http.lines import Manners
from tests.stand_ins import Asked, Writer, answer, dead_port, hang_up, late, raw, serving

NODE = "https://node.example"


def client() -> GuardedClient:
    return GuardedClient(NODE, allow_loopback=True, version="1.2")


async def test_a_get_says_who_asks_and_what_it_wants() -> None:
    async with serving(answer(b'{"a":1}')) as there, client() as http:
        got = await http.get(f"{there.url}/x?y=1", accept="application/json")
    assert (got.status, got.body, got.content_type) == (200, b'{"a":1}', "application/json")
    asked = there.asked[0]
    assert (asked.method, asked.path) == ("GET", "/x?y=1")
    assert asked.headers["user-agent"] == "Hameau/1.2 (+https://node.example)"
    assert asked.headers["accept"] == "application/json"
    assert asked.headers["host"] == f"127.0.0.1:{there.port}"
    assert "cookie" not in asked.headers


async def test_a_post_carries_its_body_and_any_status_is_an_answer() -> None:
    async with serving(answer(b"{}", status=503, headers={"retry-after": "7"})) as there, client() as http:
        got = await http.post(f"{there.url}/inbox", b"payload", {"Content-Type": "application/activity+json"})
    assert (got.status, got.headers["Retry-After"]) == (503, "7")
    assert there.asked[0].body == b"payload"
    assert there.asked[0].headers["content-type"] == "application/activity+json"


async def test_an_empty_post_says_its_length() -> None:
    async with serving(answer(status=202)) as there, client() as http:
        assert (await http.post(f"{there.url}/inbox", b"")).status == 202
    assert there.asked[0].headers["content-length"] == "0"


async def test_a_hop_is_signed_over_what_is_sent() -> None:
    seen: list[tuple[str, str, dict[str, str], bytes]] = []

    def sign(method: str, url: str, headers: Mapping[str, str], body: bytes) -> Mapping[str, str]:
        seen.append((method, url, dict(headers), body))
        return {"Signature": "abc", "Host": "elsewhere.example"}

    async with serving(answer(status=202)) as there, client() as http:
        await http.post(f"{there.url}/a/../inbox#part", b"x", sign=sign)
    method, url, headers, body = seen[0]
    assert (method, url, body) == ("POST", f"{there.url}/inbox", b"x")
    assert there.asked[0].path == "/inbox"
    assert there.asked[0].headers["signature"] == "abc"
    assert there.asked[0].headers["host"] == headers["host"] == f"127.0.0.1:{there.port}"


async def test_lines_are_kept_and_used_again() -> None:
    async with serving(answer(b"{}")) as there, client() as http:
        for _ in range(20):
            await http.post(there.url, b"x")
    assert len(there.asked) == 20
    assert there.lines == 1


async def test_many_at_once_open_few_lines() -> None:
    async with serving(answer(b"{}")) as there, client() as http:
        await asyncio.gather(*(http.post(there.url, b"x") for _ in range(100)))
    assert len(there.asked) == 100
    assert there.lines <= 6


async def test_a_get_on_a_line_closed_meanwhile_is_asked_again_but_a_post_is_not() -> None:
    times = 0

    async def every_second_time(asked: Asked, writer: Writer) -> None:
        nonlocal times
        times += 1
        await (hang_up if times % 2 == 0 else answer(b"{}"))(asked, writer)

    async with serving(every_second_time) as there, client() as http:
        assert (await http.get(there.url)).status == 200
        assert (await http.get(there.url)).status == 200
        with pytest.raises(Unreachable):
            await http.post(there.url, b"x")


async def test_compressed_answers_are_read() -> None:
    zipped = answer(gzip.compress(b'{"a":1}'), headers={"content-encoding": "gzip"})
    async with serving(zipped) as there, client() as http:
        assert (await http.get(there.url)).body == b'{"a":1}'


async def test_not_modified_has_no_body() -> None:
    async with serving(answer(status=304, headers={"content-length": "500"})) as there, client() as http:
        got = await http.get(there.url, headers={"If-None-Match": '"x"'})
    assert (got.status, got.body) == (304, b"")


async def test_nobody_there() -> None:
    async with dead_port() as port, client() as http:
        with pytest.raises(Unreachable) as trouble:
            await http.get(f"http://127.0.0.1:{port}/")
    assert trouble.value.name == "unreachable"


async def test_hanging_up_before_any_answer_is_unreachable() -> None:
    async with serving(hang_up) as there, client() as http:
        with pytest.raises(Unreachable):
            await http.get(there.url)


@pytest.mark.parametrize(
    "words",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\ncut short",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 1\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx",
        b"HTTP/1.1 101 Switching\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nx: " + b"a" * 200_000 + b"\r\n\r\n",
    ],
)
async def test_what_is_not_proper_http_is_a_bad_answer(words: bytes) -> None:
    async with serving(raw(words)) as there, client() as http:
        with pytest.raises(BadAnswer):
            await http.get(there.url)


async def test_bytes_after_an_answer_are_never_taken_for_the_next_one() -> None:
    two = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na"
    stray = two + b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nb"
    async with serving(raw(stray, hang_up=False)) as there, client() as http:
        for _ in range(3):
            assert (await http.get(there.url)).body == b"a"
    assert there.lines == 3


async def test_a_post_on_a_line_that_ended_says_so_and_is_not_repeated() -> None:
    """Whether the other side read it, nothing says: who may repeat it is told."""

    async def once_then_silence(asked: Asked, writer: Writer) -> None:
        if len(there.asked) > 1:
            writer.close()
        else:
            await answer(b"{}")(asked, writer)

    async with serving(once_then_silence) as there, client() as http:
        await http.post(there.url, b"x")
        with pytest.raises(LineEnded):
            await http.post(there.url, b"x")
        with pytest.raises(Unreachable) as fresh:
            await http.post(there.url, b"x")
    assert not isinstance(fresh.value, LineEnded)
    assert len(there.asked) == 3


async def test_manners_are_the_clients_own() -> None:
    one_at_a_time = GuardedClient(NODE, allow_loopback=True, manners=Manners(per_origin=1, kept_alive=0.0))
    async with serving(late(0.03, answer(b"{}"))) as there, one_at_a_time as http:
        began = asyncio.get_running_loop().time()
        await asyncio.gather(*(http.post(there.url, b"x") for _ in range(3)))
        assert asyncio.get_running_loop().time() - began > 0.08
    assert there.lines == 3
