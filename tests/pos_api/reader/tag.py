"""A card held to a reader that is not there: `python -m tests.pos_api.reader.tag PORT UID [ADDRESS]`.

Plays a chip over nfcpy's `udp` device, on loopback, as long as the process lives: an NTAG213, or, with an
address that carries a proof, an NTAG 424 DNA.
"""

import contextlib
import sys
from importlib import import_module
from typing import Any, Final

from pos_api.reader.library import load_nfc

nfc = load_nfc()
udp: Any = import_module("nfc.clf.udp")
ndef: Any = import_module("ndef")
OK: Final = b"\x90\x00"
UNKNOWN: Final = b"\x6d\x00"


class Air(udp.Device):  # type: ignore[misc]
    """The reader's field, on loopback: the library would listen on every address of the machine."""

    def _bind_socket(self, time_to_return: float) -> bool:
        if self.socket.getsockname()[1] == 0:
            self.socket.bind(self.addr)
        return True


class Ntag213:
    """A chip of memory pages, which anyone may read."""

    sens_res, sel_res = b"\x44\x00", b"\x00"
    version: Final = bytes.fromhex("0004040201000F03")
    header: Final = bytes.fromhex("E1101200")
    size: Final = 180

    def __init__(self, uid: bytes, message: bytes) -> None:
        told = bytes([0x03, len(message)]) + message + b"\xfe" if message else b""
        self.memory = (uid.ljust(12, b"\0") + self.header + told).ljust(self.size, b"\0")

    def answer(self, command: bytes) -> bytes | None:
        """What the chip says, or nothing."""
        if command[0] == 0x60:
            return self.version
        if command[0] == 0x30:
            at = command[1] * 4
            return (self.memory + self.memory)[at : at + 16]
        return None


class Ntag424:
    """A chip of files behind ISO/IEC 14443-4; its message carries a proof."""

    sens_res, sel_res = b"\x44\x03", b"\x20"
    hello: Final = bytes.fromhex("057880A002")
    capabilities: Final = bytes.fromhex("000F2000F600F60406E10401000000")

    def __init__(self, uid: bytes, message: bytes) -> None:
        self.files = {b"\xe1\x03": self.capabilities, b"\xe1\x04": len(message).to_bytes(2) + message}
        self.open = b""

    def answer(self, command: bytes) -> bytes | None:
        """A block for a block: greeting, is the chip there, a command."""
        if command[0] == 0xE0:
            return self.hello
        if command[0] & 0xE0 == 0xA0:
            return bytes([0xA2 | command[0] & 1])
        return command[:1] + self.carry_out(command[1:])

    def carry_out(self, command: bytes) -> bytes:
        """ISO/IEC 7816-4: choose the application or a file, read a part of it."""
        name, chosen = command[:4], command[5 : 5 + command[4]]
        if name == b"\x00\xa4\x04\x00":
            return OK
        if name == b"\x00\xa4\x00\x0c" and chosen in self.files:
            self.open = self.files[chosen]
            return OK
        if name[:2] == b"\x00\xb0":
            at = int.from_bytes(name[2:])
            return self.open[at : at + command[4]] + OK
        return UNKNOWN


def chip_of(uid: bytes, address: str) -> Ntag213 | Ntag424:
    """The chip that would say this."""
    message = b"".join(ndef.message_encoder([ndef.UriRecord(address)])) if address else b""
    return Ntag424(uid, message) if "cmac=" in address else Ntag213(uid, message)


def hold(port: int, uid: bytes, address: str) -> None:
    """Hold the card to the reader until the process is ended."""
    air = Air("127.0.0.1", port)
    chip = chip_of(uid, address)
    card = nfc.clf.LocalTarget(
        "106A",
        sens_res=bytearray(chip.sens_res),
        sdd_res=bytearray(uid),
        sel_res=bytearray(chip.sel_res),
    )
    while True:
        found = air.listen_tta(card, 3600.0)
        with contextlib.suppress(nfc.clf.CommunicationError):
            talk(air, found, chip)


def talk(air: Any, found: Any, chip: Ntag213 | Ntag424) -> None:
    """Answer the reader until it switches its field off."""
    command = found.tt2_cmd or found.tt4_cmd
    while command:
        command = air.send_rsp_recv_cmd(found, chip.answer(bytes(command)), 5.0)


if __name__ == "__main__":
    hold(int(sys.argv[1]), bytes.fromhex(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else "")
