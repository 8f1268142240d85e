"""Whatever the other side does, an exchange ends in time and in bounds, and harms nobody else's."""

import asyncio
import gzip
import socket
import time
import zlib
from collections.abc import Awaitable, Callable

import pytest

from kit.errors import Busy
from kit.http import lines
from kit.http.client import GuardedClient
from kit.http.errors import AnswerTooLarge, BadAnswer, TooSlow, Unreachable
from tests.stand_ins import (
    Behaviour,
    answer,
    dead_port,
    endless,
    gzip_bomb,
    late,
    never,
    redirect,
    serving,
    slow_head,
    slow_loris,
)


def client() -> GuardedClient:
    return GuardedClient("https://node.example", allow_loopback=True)


@pytest.mark.parametrize("behave", [slow_loris(), slow_head(), never, late(100, answer(b"{}"))])
async def test_slow_answers_are_cut_at_the_deadline(behave: Behaviour) -> None:
    async with serving(behave) as there, client() as http:
        began = time.monotonic()
        with pytest.raises(TooSlow):
            await http.get(there.url, deadline=0.4)
        with pytest.raises(TooSlow):
            await http.post(there.url, b"x", deadline=0.4)
        assert time.monotonic() - began < 50


async def test_the_deadline_holds_for_all_hops_together() -> None:
    async with serving(late(0.3, redirect("/again"))) as there, client() as http:
        with pytest.raises(TooSlow):
            await http.get(there.url, deadline=0.5)


async def test_a_host_that_reads_nothing_is_too_slow() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=1) as deaf:
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/"
        async with client() as http:
            with pytest.raises(TooSlow):
                await http.post(url, b"x" * 1_000_000, deadline=0.4)


@pytest.mark.parametrize(
    "behave",
    [
        endless(),
        answer(b"x" * 5000),
        answer(gzip.compress(b"x" * 5000, mtime=0), headers={"content-encoding": "gzip"}),
        gzip_bomb(),
    ],
)
async def test_large_answers_are_cut(behave: Behaviour) -> None:
    async with serving(behave) as there, client() as http:
        with pytest.raises(AnswerTooLarge) as trouble:
            await http.get(there.url, max_bytes=4999)
    assert trouble.value.name == "too_large"


async def test_an_announced_size_is_refused_unread() -> None:
    async with serving(answer(headers={"content-length": "9000000"})) as there, client() as http:
        with pytest.raises(AnswerTooLarge):
            await http.get(there.url, max_bytes=5000)


async def test_exactly_the_size_asked_for_is_read() -> None:
    for headers, body in (
        ({}, b"x" * 5000),
        ({"content-encoding": "gzip"}, gzip.compress(b"x" * 5000, mtime=0)),
    ):
        async with serving(answer(body, headers=headers)) as there, client() as http:
            assert (await http.get(there.url, max_bytes=5000)).body == b"x" * 5000


@pytest.mark.parametrize(
    "body",
    [
        gzip.compress(b"{}", mtime=0)[:-4],
        gzip.compress(b"{}", mtime=0) + b"more",
        gzip.compress(b"{}", mtime=0) + gzip.compress(b"{}", mtime=0),
        zlib.compress(b"{}"),
        b"{}",
        b"",
    ],
)
async def test_damaged_compression_is_a_bad_answer(body: bytes) -> None:
    async with serving(answer(body, headers={"content-encoding": "gzip"})) as there, client() as http:
        with pytest.raises(BadAnswer):
            await http.get(there.url)


@pytest.mark.parametrize("coding", ["br", "zstd", "deflate", "gzip, gzip", "x" * 1000])
async def test_codings_that_were_not_offered_are_bad_answers(coding: str) -> None:
    async with serving(answer(b"x", headers={"content-encoding": coding})) as there, client() as http:
        with pytest.raises(BadAnswer):
            await http.get(there.url)


async def test_silent_hosts_hold_up_only_themselves() -> None:
    async with (
        serving(never) as silent,
        serving(answer(b"{}")) as lively,
        dead_port() as port,
        client() as http,
    ):
        stuck = [asyncio.create_task(_quiet(http.post(silent.url, b"x", deadline=100))) for _ in range(40)]
        dead = [_quiet(http.post(f"http://127.0.0.1:{port}/", b"x")) for _ in range(40)]
        began = time.monotonic()
        await asyncio.gather(*dead, *(http.post(lively.url, b"x") for _ in range(200)))
        assert time.monotonic() - began < 50
        assert silent.lines <= lines.PER_ORIGIN
        for task in stuck:
            task.cancel()
        await asyncio.gather(*stuck, return_exceptions=True)


async def test_our_own_crowding_is_not_blamed_on_the_other_side() -> None:
    async with serving(never) as silent, client() as http:
        sent = [http.post(silent.url, b"x", deadline=0.5) for _ in range(lines.PER_ORIGIN + 3)]
        ends = await asyncio.gather(*sent, return_exceptions=True)
    assert [type(end) for end in ends] == [TooSlow] * lines.PER_ORIGIN + [Busy] * 3


async def test_turns_come_back_after_every_kind_of_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "PER_ORIGIN", 1)
    monkeypatch.setattr(lines, "IN_ALL", 1)
    async with client() as http:
        for behave in (never, endless(), gzip_bomb(), answer(b"{}"), redirect("file:///"), slow_loris()):
            async with serving(behave) as there:
                await _quiet(http.get(there.url, deadline=0.3, max_bytes=100))
        async with dead_port() as port:
            await _quiet(http.get(f"http://127.0.0.1:{port}/"))
        async with serving(never) as there:
            task = asyncio.create_task(http.get(there.url))
            await asyncio.sleep(0.05)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        async with serving(answer(b"{}")) as there:
            assert (await http.get(there.url, deadline=60)).status == 200


async def test_idle_lines_are_closed_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "KEPT_ALIVE", 0.1)
    monkeypatch.setattr(lines, "SWEEP", 0.0)
    async with serving(answer(b"{}")) as there, serving(answer(b"{}")) as other, client() as http:
        await http.get(there.url)
        await asyncio.sleep(0.2)
        await http.get(other.url)
        await http.get(there.url)
        assert there.lines == 2


async def test_few_idle_lines_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "IDLE_IN_ALL", 0)
    async with serving(answer(b"{}")) as there, client() as http:
        await http.get(there.url)
        await http.get(there.url)
        assert there.lines == 2


async def test_from_worker_threads() -> None:
    async with serving(answer(b"{}")) as there, client() as http:
        ask: Callable[[], int] = lambda: http.from_thread(http.get(there.url)).status  # noqa: E731
        assert await asyncio.gather(*(asyncio.to_thread(ask) for _ in range(20))) == [200] * 20
        with pytest.raises(RuntimeError):
            http.from_thread(http.get(there.url))
    with pytest.raises(Unreachable):
        await asyncio.to_thread(ask)


async def test_a_waiting_thread_is_let_go_when_the_client_closes() -> None:
    async with serving(never) as there:
        async with client() as http:
            waiting = asyncio.create_task(asyncio.to_thread(lambda: http.from_thread(http.get(there.url))))
            await asyncio.sleep(0.2)
        with pytest.raises(Unreachable):
            await waiting


async def _quiet(work: Awaitable[object]) -> None:
    await asyncio.gather(work, return_exceptions=True)
