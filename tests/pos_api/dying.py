"""A node that dies where a request says: `python -m tests.pos_api.dying` serves it as `node.serving` does.

`X-Die-At: 2.before` kills the process as that request is about to write for the second time, `2.after` when
that write is on disk and nothing was answered.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from kit.db import Database
from node.demo.village import DemoNode
from node.lean import lean_environment
from node.serving import application, settings_from_environment
from tests.machine import ROOT

DIE_AT = "x-die-at"


@dataclass
class Death:
    """Where a request is to die: at its write of that number, before or after."""

    number: int
    when: str
    begun: int = 0


_death: ContextVar[Death | None] = ContextVar("death", default=None)


class DyingNode(DemoNode):
    """A node of the demonstration that dies where a request says."""

    def start(self) -> None:
        """Start the process."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.pos_api.dying"],
                env=lean_environment(HAMEAU_CONFIG=str(self.config)),
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=ROOT, start_new_session=True,
            )  # fmt: skip

    def comes_back(self) -> None:
        """It was killed, and starts again. Raises AssertionError when it ended otherwise."""
        assert self.process is not None
        assert self.process.wait(60) == -signal.SIGKILL
        self.start()
        self.wait_until_ready()


def _begins(death: Death) -> bool:
    """Whether this write is the one; dies when it is to be before."""
    death.begun += 1
    if death.begun != death.number:
        return False
    if death.when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    return True


def _dying(write: Callable[..., Any]) -> Callable[..., Any]:
    def written(*said: Any) -> Any:
        death = _death.get()
        is_last = death is not None and _begins(death)
        answer = write(*said)
        if is_last:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    return written


def _adying(write: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def written(*said: Any) -> Any:
        death = _death.get()
        is_last = death is not None and _begins(death)
        answer = await write(*said)
        if is_last:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    return written


def _listening(app: ASGIApp) -> ASGIApp:
    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        asked = dict(scope.get("headers", ())).get(DIE_AT.encode())
        if asked:
            number, _, when = asked.decode().partition(".")
            _death.set(Death(int(number), when))
        await app(scope, receive, send)

    return serve


def main() -> None:
    """Serve until it dies."""
    for name in ("write", "submit"):
        setattr(Database, name, _dying(getattr(Database, name)))
    for name in ("awrite", "asubmit"):
        setattr(Database, name, _adying(getattr(Database, name)))
    port = settings_from_environment().server.port
    uvicorn.run(_listening(application()), host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    main()
