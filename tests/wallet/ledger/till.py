"""A process that takes payments at a socket, to be killed: `python -m tests.wallet.ledger.till URL SOCKET`.

One line of JSON asks, one line answers: the exact bytes of the receipt. `opened` says how long it took until
the books were open again, in seconds.
"""

import os
import socketserver
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from msgspec import Struct, json

from kit.db import Database
from tests.wallet.ledger.evening import drink, take_up, top_up
from wallet.store.decider import KIND


class Asked(Struct):
    """A drink for `name`, or a top-up when `price` is below zero."""

    id: UUID
    name: str
    price: int

    def request(self) -> object:
        return (drink if self.price > 0 else top_up)(self.name, abs(self.price), self.id)


class Till(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    request_queue_size = 64
    database: Database


class Customer(socketserver.StreamRequestHandler):
    server: Till

    def handle(self) -> None:
        with suppress(OSError):
            for line in self.rfile:
                told = self.server.database.submit(KIND, json.decode(line, type=Asked).request())
                self.wfile.write(told.body + b"\n")


def main(url: str, place: str) -> None:
    Path(place).unlink(missing_ok=True)
    start = time.perf_counter()
    database = Database(url, durable=url.startswith("sqlite"))
    take_up(database)
    with database.read() as session:
        session.connection().exec_driver_sql("SELECT max(seq) FROM ledger_tx").scalar()
    seconds = time.perf_counter() - start
    till = Till(place, Customer)
    till.database = database
    sys.stdout.write(f"opened {seconds:.4f}\n")
    sys.stdout.flush()
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    till.serve_forever()


def _leave_with_parent() -> None:
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
