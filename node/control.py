"""The control socket: how a command reaches the node that already runs and owns the database.

A Unix socket in the data folder, open to its owner only. One JSON line asks, one JSON line answers.
"""

import os
import socket
import socketserver
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, ClassVar

import msgspec
import structlog

from kit.errors import BadRequest, NotFound, Refusal
from kit.i18n import lazy

log = structlog.get_logger("node.control")

SOCKET = "control.sock"
LONGEST_PATH = 100  # bytes; the system's own limit is 104 to 108
LONGEST_LINE = 16 * 1024 * 1024  # bytes
PATIENCE = 600.0  # seconds for an answer: an import may be long

Handler = Callable[[dict[str, Any]], dict[str, Any]]


class Question(msgspec.Struct, frozen=True):
    command: str
    args: dict[str, Any] = {}


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    answer: dict[str, Any] | None = None
    refusal: str = ""
    sentence: str = ""


class NodeRefused(Refusal):
    """The running node said no; `cause` is the name of its refusal."""

    name: ClassVar[str] = "node_refused"
    status: ClassVar[int] = 409
    default = lazy("The running node cannot do this.")


class ControlServer(socketserver.ThreadingUnixStreamServer):
    """Answers commands until `close`. Each runs in a thread of its own; `handlers` says what there is.

    Where several processes share a node, the first one answers and the others only stand by.
    """

    daemon_threads = True

    def __init__(self, folder: Path, handlers: Mapping[str, Handler]) -> None:
        super().__init__("", _Conversation, bind_and_activate=False)
        self.handlers = handlers
        self.path = folder / SOCKET
        self.is_serving = not _answers(self.path)
        if self.is_serving:
            self._listen()
            threading.Thread(target=self.serve_forever, name="hameau-control", daemon=True).start()

    def close(self) -> None:
        """Stop answering and remove the socket."""
        if self.is_serving:
            self.shutdown()
            self.path.unlink(missing_ok=True)
        self.server_close()

    def _listen(self) -> None:
        self.path.unlink(missing_ok=True)
        with _short(self.path) as address:
            self.socket.bind(address)
        self.path.chmod(0o600)  # before listen: nobody can have come in yet
        self.socket.listen(16)

    def handle_error(self, request: Any, client_address: Any) -> None:
        log.exception("control_failed")


class _Conversation(socketserver.StreamRequestHandler):
    server: ControlServer

    def handle(self) -> None:
        line = self.rfile.readline(LONGEST_LINE)
        if line:
            self.wfile.write(
                msgspec.json.encode(answer_line(line, self.server.handlers), enc_hook=str) + b"\n"
            )


def answer_line(line: bytes, handlers: Mapping[str, Handler]) -> Answer:
    """The answer to one line; a refusal is an answer too, and a crash says nothing of its cause."""
    try:
        question = msgspec.json.decode(line, type=Question)
        return Answer(answer=_handler(handlers, question.command)(question.args))
    except Refusal as refusal:
        return Answer(refusal=refusal.name, sentence=refusal.sentence)
    except msgspec.MsgspecError as error:
        return Answer(refusal=BadRequest.name, sentence=str(error))
    except Exception:
        log.exception("control_failed")
        return Answer(refusal="internal", sentence=str(NodeRefused.default))


def _handler(handlers: Mapping[str, Handler], command: str) -> Handler:
    if command not in handlers:
        raise NotFound(f"No such command: {command}")
    return handlers[command]


def ask(folder: Path, command: str, args: dict[str, Any] | None = None) -> dict[str, Any]:
    """Have the running node carry out `command`. Raises NodeRefused, or OSError when no node answers."""
    line = msgspec.json.encode(Question(command, args or {}), enc_hook=str) + b"\n"
    with _connected(folder / SOCKET) as connection:
        connection.sendall(line)
        with connection.makefile("rb") as answers:
            said = answers.readline()
    answer = msgspec.json.decode(said, type=Answer)
    if answer.answer is None:
        raise NodeRefused(answer.sentence, cause=answer.refusal)
    return answer.answer


def ask_running(folder: Path, command: str, args: dict[str, Any]) -> dict[str, Any] | None:
    """`ask`, or None when no node runs there."""
    return ask(folder, command, args) if _answers(folder / SOCKET) else None


@contextmanager
def _connected(path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(PATIENCE)
        with _short(path) as address:
            connection.connect(address)
        yield connection


def _answers(path: Path) -> bool:
    with suppress(OSError), _connected(path):
        return True
    return False


@contextmanager
def _short(path: Path) -> Iterator[str]:
    """The path, or a shorter one to the same place: a socket's address has room for about 100 bytes."""
    if len(os.fsencode(path)) <= LONGEST_PATH:
        yield str(path)
        return
    with tempfile.TemporaryDirectory(prefix="hameau-") as folder:
        link = Path(folder) / "data"
        link.symlink_to(path.parent.resolve())
        yield str(link / path.name)
