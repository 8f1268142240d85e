"""The proxy itself, before a plain server that remembers what arrived."""

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from node.demo.ports import free_port_base
from tests.village.faults import proxy
from tests.village.faults.proxy import FaultProxy, Gate
from tests.village.faults.weather import Fault, Kind, Weather
from tests.waiting import until

A, B = "http://a.test", "http://b.test"
ANSWER = b"answer to "


class Remembering(ThreadingHTTPServer):
    daemon_threads = True
    arrived: list[bytes]


class Echo(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Remembering

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.arrived.append(body)
        self.send_response(200)
        self.send_header("content-length", str(len(ANSWER + body)))
        self.end_headers()
        self.wfile.write(ANSWER + body)

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")

    def do_HEAD(self) -> None:
        self.send_response(200)
        self.send_header("content-length", "77")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None: ...


class Behind:
    """A remembering server behind a proxy whose weather the test makes."""

    def __init__(self, server: Remembering, weather: Weather, port: int) -> None:
        self.server, self.weather, self.port = server, weather, port

    @property
    def arrived(self) -> list[bytes]:
        return self.server.arrived

    def only(self, kind: Kind) -> None:
        """From now on every request meets this fault."""
        self.weather.chances = {kind: 100}
        self.weather.rage()

    def line(self, timeout: float = 60) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def post(self, body: bytes, sender: str = A, timeout: float = 60) -> bytes:
        """The answer. Raises OSError or HTTPException when there is none."""
        line = self.line(timeout)
        try:
            return post_on(line, body, sender)
        finally:
            line.close()


def post_on(line: HTTPConnection, body: bytes, sender: str = A) -> bytes:
    line.request("POST", "/federation/ledger", body, {"user-agent": f"Hameau/1 (+{sender})"})
    return line.getresponse().read()


@pytest.fixture
def behind() -> Iterator[Behind]:
    server = Remembering(("127.0.0.1", 0), Echo)
    server.arrived = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = free_port_base(1)
    weather = Weather(seed=1)
    with FaultProxy(weather, [Gate(B, port, server.server_address[1])]):
        yield Behind(server, weather, port)
    server.shutdown()
    server.server_close()


NOTHING = (OSError, HTTPException)


def test_everything_passes_in_calm_weather_on_a_line_that_stays_open(behind: Behind) -> None:
    line = behind.line()
    for number in range(5):
        body = b"x" * number * 50_000
        assert post_on(line, body) == ANSWER + body
    line.request("HEAD", "/")
    assert line.getresponse().read() == b""
    line.request("GET", "/")
    assert line.getresponse().read() == b"abcde"
    line.close()
    assert len(behind.arrived) == 5


def test_a_lost_request_never_arrives(behind: Behind) -> None:
    behind.only(Kind.LOST)
    with pytest.raises(NOTHING):
        behind.post(b"hello")
    assert behind.arrived == []


def test_a_lost_answer_comes_after_the_request_arrived(behind: Behind) -> None:
    behind.only(Kind.UNANSWERED)
    with pytest.raises(NOTHING):
        behind.post(b"hello")
    assert behind.arrived == [b"hello"]


def test_a_doubled_request_arrives_twice_and_is_answered_once(behind: Behind) -> None:
    behind.only(Kind.DOUBLED)
    line = behind.line()
    assert post_on(line, b"one") == ANSWER + b"one"
    assert post_on(line, b"two") == ANSWER + b"two"
    assert sorted(behind.arrived) == [b"one", b"one", b"two", b"two"]


def test_a_delayed_request_arrives_late(behind: Behind) -> None:
    behind.only(Kind.LATE)
    started = time.monotonic()
    for number in range(3):
        assert behind.post(b"%d" % number) == ANSWER + b"%d" % number
    assert time.monotonic() - started > 0.1


def test_a_swapped_request_lets_the_next_one_pass(behind: Behind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proxy, "SWAP_WITHIN", 60)
    behind.only(Kind.SWAPPED)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(behind.post, b"first")
        until("it is held", lambda: behind.weather.met[Kind.SWAPPED] == 1)
        behind.weather.chances = {}
        second = pool.submit(behind.post, b"second")
        assert first.result() == ANSWER + b"first"
        assert second.result() == ANSWER + b"second"
    assert behind.arrived == [b"second", b"first"]


def test_a_swapped_request_goes_on_when_none_comes(behind: Behind) -> None:
    behind.only(Kind.SWAPPED)
    assert behind.post(b"alone") == ANSWER + b"alone"


@pytest.mark.parametrize(
    ("kind", "arrives"), [(Kind.TORN_REQUEST, False), (Kind.TORN_ANSWER, True), (Kind.RESET, False)]
)
def test_a_line_breaks_in_the_middle(behind: Behind, kind: Kind, arrives: bool) -> None:
    behind.only(kind)
    body = b"x" * 1000
    with pytest.raises(NOTHING):
        behind.post(body)
    assert (body in behind.arrived) == arrives
    behind.weather.heal()
    assert behind.post(b"again") == ANSWER + b"again"


def test_a_cut_one_way_lets_requests_in_and_no_answer_out(behind: Behind) -> None:
    behind.weather.cut(B, A)
    with pytest.raises(NOTHING):
        behind.post(b"hello", timeout=2)
    assert behind.arrived == [b"hello"]
    behind.weather.mend(B, A)
    assert behind.post(b"again") == ANSWER + b"again"


def test_a_cut_the_other_way_lets_nothing_in_and_touches_nobody_else(behind: Behind) -> None:
    behind.weather.cut(A, B)
    with pytest.raises(NOTHING):
        behind.post(b"hello", timeout=0.3)
    assert behind.post(b"from elsewhere", sender="http://c.test") == ANSWER + b"from elsewhere"
    behind.weather.heal()
    assert behind.post(b"again") == ANSWER + b"again"
    assert behind.arrived == [b"from elsewhere", b"again"]


def test_what_waits_in_a_cut_falls_when_it_heals_and_is_not_delivered_late(
    behind: Behind, monkeypatch: pytest.MonkeyPatch
) -> None:
    behind.weather.cut(A, B)
    met, is_cut = threading.Event(), behind.weather.is_cut

    def noticed(*way: str) -> bool:
        found = is_cut(*way)
        if found:
            met.set()
        return found

    monkeypatch.setattr(behind.weather, "is_cut", noticed)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(behind.post, b"hello")
        assert met.wait(60)
        behind.weather.heal()
        with pytest.raises(NOTHING):
            asked.result()
    assert behind.arrived == []


def test_tills_meet_no_fault(behind: Behind) -> None:
    behind.only(Kind.RESET)
    line = behind.line()
    line.request("POST", "/", b"from a till", {"user-agent": "till"})
    assert line.getresponse().read() == ANSWER + b"from a till"


def test_a_node_that_is_down_is_a_line_that_falls() -> None:
    port = free_port_base(2)
    with (
        FaultProxy(Weather(seed=1), [Gate(B, port, port + 1)]),
        socket.create_connection(("127.0.0.1", port), 5) as line,
    ):
        line.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert line.recv(10) == b""


def drawn(seed: int, way: tuple[str, str]) -> list[Fault]:
    weather = Weather(seed)
    weather.rage()
    return [weather.draw(way) for _ in range(500)]


def test_the_same_seed_draws_the_same_faults_each_way_for_itself() -> None:
    assert drawn(7, (A, B)) == drawn(7, (A, B))
    assert drawn(7, (A, B)) != drawn(7, (B, A))
    assert drawn(7, (A, B)) != drawn(8, (A, B))
    kinds = {fault.kind for fault in drawn(7, (A, B))}
    assert kinds == set(Kind)
