"""A card held to a reader that is not there: `python -m tests.pos_api.reader.tag PORT UID [ADDRESS]`.

Plays an NTAG213 over nfcpy's `udp` device, on loopback, as long as the process lives.
"""

import contextlib
import sys
from importlib import import_module
from typing import Any, Final

from pos_api.reader.library import load_nfc

nfc = load_nfc()
udp: Any = import_module("nfc.clf.udp")
ndef: Any = import_module("ndef")

READ, VERSION = 0x30, 0x60
NTAG213: Final = bytes.fromhex("0004040201000F03")
PAGES: Final = 45
HEADER: Final = bytes.fromhex("E1101200")


class Air(udp.Device):  # type: ignore[misc]
    """The reader's field, on loopback: the library would listen on every address of the machine."""

    def _bind_socket(self, time_to_return: float) -> bool:
        if self.socket.getsockname()[1] == 0:
            self.socket.bind(self.addr)
        return True


def memory_of(uid: bytes, address: str) -> bytes:
    """What the chip holds: its number, what it can do, and an NDEF message."""
    message = b"".join(ndef.message_encoder([ndef.UriRecord(address)])) if address else b""
    told = bytes([0x03, len(message)]) + message + b"\xfe"
    first = (uid + bytes(12))[:12] + HEADER
    return (first + told).ljust(PAGES * 4, b"\0")


def answer(command: bytes, memory: bytes) -> bytes | None:
    """What the chip says, or nothing."""
    if command[0] == VERSION:
        return NTAG213
    if command[0] == READ:
        at = command[1] * 4
        return (memory + memory)[at : at + 16]
    return None


def hold(port: int, uid: bytes, address: str) -> None:
    """Hold the card to the reader until the process is ended."""
    air = Air("127.0.0.1", port)
    memory = memory_of(uid, address)
    card = nfc.clf.LocalTarget(
        "106A", sens_res=bytearray.fromhex("4400"), sdd_res=bytearray(uid), sel_res=bytearray(b"\x00")
    )
    print("held", flush=True)  # noqa: T201 - the test waits for it
    while True:
        found = air.listen_tta(card, 3600.0)
        with contextlib.suppress(nfc.clf.CommunicationError):
            talk(air, found, memory)


def talk(air: Any, found: Any, memory: bytes) -> None:
    """Answer the reader until it switches its field off."""
    command = found.tt2_cmd
    while command:
        command = air.send_rsp_recv_cmd(found, answer(bytes(command), memory), 5.0)


if __name__ == "__main__":
    hold(int(sys.argv[1]), bytes.fromhex(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else "")
