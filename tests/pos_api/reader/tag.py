"""A card held to a reader that is not there: `python -m tests.pos_api.reader.tag PORT UID [ADDRESS]`.

Plays a chip over nfcpy's `udp` device, on loopback, as long as the process lives: an NTAG213, or, with an
address that carries a proof, an NTAG 424 DNA. Like a real one it hears anything, answers what it knows, and
is silent about the rest; a new poll always begins anew.
"""

import select
import socket
import sys
from functools import reduce
from operator import xor
from typing import Final

OK: Final = b"\x90\x00"
UNKNOWN: Final = b"\x6d\x00"
POLLS: Final = (b"\x26", b"\x52")
FIELD_OFF: Final = b"RFOFF"
MORE_OF_THE_NUMBER: Final = 0x04
"""The bit of SEL_RES that asks for the next part of the number."""
RATS: Final = 0xE0
DESELECT: Final = 0xC2
FIRST: Final = 1
"""The block number of a chip that was just chosen (ISO/IEC 14443-4, rule C)."""
IDLE: Final = -1


class Ntag213:
    """A chip of memory pages, which anyone may read."""

    sens_res, sel_res = b"\x44\x00", 0x00
    version: Final = bytes.fromhex("0004040201000F03")
    header: Final = bytes.fromhex("E1101200")
    size: Final = 180

    def __init__(self, uid: bytes, message: bytes) -> None:
        told = bytes([0x03, len(message)]) + message + b"\xfe" if message else b""
        self.memory = (uid.ljust(12, b"\0") + self.header + told).ljust(self.size, b"\0")

    def begin(self) -> None:
        """Chosen anew: nothing is left to forget."""

    def answer(self, command: bytes) -> bytes | None:
        """What the chip says, or nothing."""
        if command == b"\x60":
            return self.version
        if command[:1] == b"\x30" and len(command) == 2:
            at = command[1] * 4
            return (self.memory + self.memory)[at : at + 16]
        return None


class Ntag424:
    """A chip of files behind ISO/IEC 14443-4; its message carries a proof."""

    sens_res, sel_res = b"\x44\x03", 0x20
    hello: Final = bytes.fromhex("057880A002")
    capabilities: Final = bytes.fromhex("000F2000F600F60406E10401000000")

    def __init__(self, uid: bytes, message: bytes) -> None:
        self.files = {b"\xe1\x03": self.capabilities, b"\xe1\x04": len(message).to_bytes(2) + message}
        self.begin()

    def begin(self) -> None:
        """Chosen anew: no file is open, no block was said."""
        self.open, self.number, self.last = b"", FIRST, b""

    def answer(self, block: bytes) -> bytes | None:
        """A block for a block; the names are those of ISO/IEC 14443-4."""
        kind = block[0] if block else 0
        if kind == RATS:
            self.begin()
            return self.hello
        if kind == DESELECT:
            return block
        if kind & 0xE6 == 0xA2:
            return self.once_more(kind)
        return self.carry_out(block) if kind & 0xF2 == 0x02 else None

    def once_more(self, kind: int) -> bytes | None:
        """Rules 11 and 12: its last block again if the reader missed that one, else "go on" to a R(NAK)."""
        if kind & 1 == self.number and self.last:
            return self.last
        return bytes([0xA2 | self.number]) if kind & 0x10 else None

    def carry_out(self, block: bytes) -> bytes:
        """Rule D: each I-block turns the number over."""
        self.number ^= 1
        self.last = bytes([0x02 | self.number]) + self.said(block[1:])
        return self.last

    def said(self, command: bytes) -> bytes:
        """ISO/IEC 7816-4: choose the application or a file, read a part of it."""
        name, chosen = command[:4], command[5 : 5 + sum(command[4:5])]
        if name == b"\x00\xa4\x04\x00":
            return OK
        if name == b"\x00\xa4\x00\x0c" and chosen in self.files:
            self.open = self.files[chosen]
            return OK
        if name[:2] == b"\x00\xb0":
            at = int.from_bytes(name[2:])
            return self.open[at : at + sum(command[4:5])] + OK
        return UNKNOWN


class Card:
    """A chip that lies in the field: polled, chosen by its number, asked (ISO/IEC 14443-3)."""

    def __init__(self, uid: bytes, address: str) -> None:
        message = _message(address) if address else b""
        self.chip: Ntag213 | Ntag424 = (Ntag424 if "cmac=" in address else Ntag213)(uid, message)
        parts = [uid] if len(uid) == 4 else [b"\x88" + uid[:3], *_rest(uid[3:])]
        self.parts = [part + bytes([reduce(xor, part)]) for part in parts]
        self.chosen = IDLE
        """How many parts of its number were said to it; idle, it waits for a poll."""

    def hear(self, frame: bytes) -> bytes | None:
        """What it says to a frame, or nothing."""
        if frame in POLLS:
            self.chosen = 0
            return self.chip.sens_res
        if self.chosen == IDLE:
            return None
        if self.chosen < len(self.parts):
            return self._choose(frame)
        if frame[:1] == bytes([DESELECT]) or frame == FIELD_OFF:
            self.chosen = IDLE
        return self.chip.answer(frame)

    def _choose(self, frame: bytes) -> bytes | None:
        """One part of its number: asked for, or said to it; another card is meant by anything else."""
        level, part = b"\x93\x95\x97"[self.chosen], self.parts[self.chosen]
        if frame == bytes([level, 0x20]):
            return part
        if frame != bytes([level, 0x70]) + part:
            self.chosen = IDLE
            return None
        self.chosen += 1
        if self.chosen < len(self.parts):
            return bytes([self.chip.sel_res | MORE_OF_THE_NUMBER])
        self.chip.begin()
        return bytes([self.chip.sel_res])


def hold(port: int, card: Card) -> None:
    """Hold the card to the reader until the process is ended."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as air:
        air.bind(("127.0.0.1", port))
        while True:
            said, reader = air.recvfrom(1024)
            answer = card.hear(frame_of(said))
            # When more waits, the reader has given that frame up: in the air nobody would hear its answer.
            if answer is not None and not select.select([air], [], [], 0)[0]:
                air.sendto(b"106A " + answer.hex().encode(), reader)


def frame_of(said: bytes) -> bytes:
    """The bytes that a datagram of nfcpy's carries; what is none of its own carries none."""
    if said.startswith(FIELD_OFF):
        return FIELD_OFF
    kind, _, digits = said.partition(b" ")
    try:
        return bytes.fromhex(digits.decode("ascii")) if kind == b"106A" else b""
    except ValueError:
        return b""


def _rest(number: bytes) -> list[bytes]:
    """The further parts of a number of 7 or 10 bytes."""
    return [number] if len(number) == 4 else [b"\x88" + number[:3], number[3:]]


def _message(address: str) -> bytes:
    """An NDEF message of one short record: an address, not shortened."""
    return bytes([0xD1, 0x01, len(address) + 1]) + b"U\0" + address.encode()


if __name__ == "__main__":
    hold(int(sys.argv[1]), Card(bytes.fromhex(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else ""))
