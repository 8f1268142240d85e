"""The bridge's door: who may hear the reader, and what a page is told when it may not."""

import asyncio
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed, InvalidStatus

from kit import clock
from pos_api.reader import door as doors
from pos_api.reader.door import Door
from pos_api.reader.pairing import Pairings
from pos_api.reader.watching import CardSeen, ReaderState
from pos_api.reader.words import MOST_BYTES

BAR = "https://bar.example"
STRANGER = "https://elsewhere.example"
CARD = "04A1B2C3D4E581"
PATIENCE = 60.0
"""Seconds before a line that should have ended is a failure."""
BAD: tuple[str | bytes, ...] = (
    *("", "x", "null", "[]", "7", "{}", "[" * 900, b"\x00\xff"),
    *('{"token": 1}', '{"token": ""}', '{"uid": "04"}', '{"token": "a", "code": "123456"}'),
    *('{"code": "12345"}', '{"code": 123456}', '{"code": "１２３４５６"}'),
)


class House:
    """A door on a port of its own, and everything it noted."""

    def __init__(self, path: Path, *origins: str) -> None:
        self.noted: list[tuple[str, dict[str, Any]]] = []
        self.pairings = Pairings(path / "hameau" / "reader.json", origins)
        self.door = Door(self.pairings, lambda event, **said: self.noted.append((event, said)))
        self.port = 0

    @asynccontextmanager
    async def open(self) -> AsyncIterator["House"]:
        server = serve(
            self.door.serve, "127.0.0.1", 0, process_request=self.door.look_at, max_size=MOST_BYTES
        )
        async with server as listening:
            self.port = listening.sockets[0].getsockname()[1]
            yield self

    def line(self, origin: str | None = BAR, path: str = "/v1", **more: Any) -> connect:
        return connect(f"ws://127.0.0.1:{self.port}{path}", origin=origin, **more)  # type: ignore[arg-type]

    async def closed(self, first: str | bytes, origin: str = BAR) -> tuple[int, str]:
        """How a line ends that begins with these words."""
        async with asyncio.timeout(PATIENCE), self.line(origin) as line:
            with suppress(ConnectionClosed):
                await line.send(first)
                async for _ in line:
                    pass
            await line.wait_closed()
            return line.close_code or 0, line.close_reason or ""

    async def pair(self, origin: str = BAR) -> str:
        async with self.line(origin) as line:
            await line.send(f'{{"code": "{self.pairings.new_code()}"}}')
            hello = str(await line.recv())
        return hello.split('"token":"')[1].rstrip('"}')


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with House(tmp_path).open() as opened:
        yield opened


async def come_in(house: House, line: ClientConnection, token: str) -> list[str]:
    await line.send(f'{{"token": "{token}"}}')
    return [str(await line.recv()), str(await line.recv())]


async def test_what_is_no_greeting_is_refused_by_name(house: House) -> None:
    for place, first in enumerate(BAD):
        assert await house.closed(first, f"https://page-{place}.example") == (4400, "bad_message"), first
    assert (await house.closed("x" * (MOST_BYTES + 1)))[0] == 1009
    assert await house.closed('{"token": "nobody"}') == (4401, "unknown_till")
    assert await house.closed('{"code": "000000"}') == (4402, "wrong_code")


@pytest.mark.parametrize(
    ("more", "status", "name"),
    [
        ({"path": "/"}, 404, "wrong_path"),
        ({"path": "/v1?x=1"}, 404, "wrong_path"),
        ({"origin": None}, 403, "origin_refused"),
        ({"origin": "null"}, 403, "origin_refused"),
        ({"origin": "file://"}, 403, "origin_refused"),
        ({"origin": "https://bar.example/till"}, 403, "origin_refused"),
        ({"origin": "http://[bar"}, 403, "origin_refused"),
        # A name of a stranger's that leads to this machine: the browser says the name.
        ({"additional_headers": {"Host": "rebound.example"}}, 403, "host_refused"),
        ({"additional_headers": {"Host": "127.0.0.1.rebound.example:8790"}}, 403, "host_refused"),
    ],
)
async def test_a_line_that_no_till_would_open_is_not_opened(
    house: House, more: dict[str, Any], status: int, name: str
) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with house.line(**more):
            pass
    assert (refused.value.response.status_code, bytes(refused.value.response.body)) == (
        status,
        f"{name}\n".encode(),
    )


async def test_a_code_pairs_one_till_and_its_token_is_good_from_there_alone(house: House) -> None:
    token = await house.pair()
    kept = house.pairings.path
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    assert token not in kept.read_text("utf-8")
    async with house.line() as line:
        assert await come_in(house, line, token) == ['{"hello":1}', '{"state":"no_reader"}']
    assert await house.closed(f'{{"token": "{token}"}}', STRANGER) == (4403, "origin_refused")
    assert await house.closed(f'{{"token": "{token[:-1]}"}}') == (4401, "unknown_till")
    house.pairings.forget()
    assert await house.closed(f'{{"token": "{token}"}}') == (4401, "unknown_till")
    assert token not in str(house.noted)


async def test_a_code_is_good_once_for_ten_minutes_and_five_tries(house: House) -> None:
    code = house.pairings.new_code()
    async with house.line() as line:
        await line.send(f'{{"code": "{code}"}}')
        assert "token" in str(await line.recv())
    assert await house.closed(f'{{"code": "{code}"}}') == (4402, "wrong_code")

    code = house.pairings.new_code()
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for _ in range(5):
        assert await house.closed(f'{{"code": "{wrong}"}}', STRANGER) == (4402, "wrong_code")
    assert await house.closed(f'{{"code": "{code}"}}') == (4402, "wrong_code")

    code = house.pairings.new_code()
    later = clock.now() + timedelta(minutes=10, seconds=1)
    clock.use_clock(lambda: later)
    try:
        assert await house.closed(f'{{"code": "{code}"}}') == (4402, "wrong_code")
    finally:
        clock.use_clock(None)


async def test_a_page_that_insists_must_wait_and_keeps_nobody_else_out(house: House) -> None:
    token = await house.pair()
    for _ in range(10):
        await house.closed('{"token": "guess"}', STRANGER)
    assert await house.closed('{"token": "guess"}', STRANGER) == (4429, "too_many_tries")
    async with house.line() as line:
        assert (await come_in(house, line, token))[0] == '{"hello":1}'


async def test_a_silent_page_is_closed_and_idle_lines_are_counted(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "PATIENCE", 2.0)
    lines = [await house.line(STRANGER) for _ in range(4)]
    with pytest.raises(InvalidStatus) as refused:
        await house.line(STRANGER)
    assert refused.value.response.status_code == 429
    for line in lines:
        await line.wait_closed()
        assert (line.close_code, line.close_reason) == (4408, "too_slow")
    monkeypatch.setattr(doors, "PATIENCE", PATIENCE)
    token = await house.pair(STRANGER)
    async with house.line(STRANGER) as line:
        await come_in(house, line, token)


async def test_only_the_named_addresses_may_speak(tmp_path: Path) -> None:
    async with House(tmp_path, BAR).open() as house:
        code = house.pairings.new_code()
        assert await house.closed(f'{{"code": "{code}"}}', STRANGER) == (4403, "origin_refused")
        assert await house.pair()


async def test_cards_and_states_go_to_the_till_that_came_last(house: House) -> None:
    token = await house.pair()
    await house.door.tell(CardSeen(CARD))  # nobody listens: forgotten, not kept for the next one
    async with house.line() as first:
        await come_in(house, first, token)
        async with house.line() as second:
            await come_in(house, second, token)
            await first.wait_closed()
            assert (first.close_code, first.close_reason) == (4409, "another_till")
            await house.door.tell(ReaderState("ready", "ACS ACR122U"))
            await house.door.tell(CardSeen(CARD, "https://bar.example/c/ABC"))
            assert [str(await second.recv()) for _ in range(2)] == [
                '{"state":"ready","reader":"ACS ACR122U"}',
                '{"uid":"04A1B2C3D4E581","url":"https://bar.example/c/ABC"}',
            ]
            await second.send("more")
            await second.wait_closed()
            assert second.close_reason == "bad_message"
    assert CARD not in str(house.noted)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"tills": [{"origin": 1}], "code": null}', "\udcff"])
def test_a_spoilt_file_lets_nobody_in(tmp_path: Path, text: str) -> None:
    pairings = Pairings(tmp_path / "reader.json")
    pairings.path.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert pairings.kept().tills == ()
    assert pairings.new_code()
    assert pairings.kept().code is not None
