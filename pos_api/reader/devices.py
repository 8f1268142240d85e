"""Readers: which are plugged in, and opening one. What is wrong with one has a name."""

import errno
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from pos_api.reader.library import load_nfc
from pos_api.reader.troubles import (
    BAD_DEVICE,
    BUSY,
    NO_READER,
    NO_USB,
    NOT_ALLOWED,
    CannotStart,
    ReaderTrouble,
)  # fmt: skip

DEVICE: Final = re.compile(
    r"usb(:[0-9a-fA-F]{4}(:[0-9a-fA-F]{4})?|:\d{3}(:\d{3})?)?"
    r"|tty(:[\w-]+(:\w+)?)?|com(:\w+(:\w+)?)?"
    r"|udp:127\.0\.0\.1:\d{1,5}"
)
BY_ERRNO: Final = {
    errno.EACCES: ReaderTrouble("not_allowed", NOT_ALLOWED),
    errno.EPERM: ReaderTrouble("not_allowed", NOT_ALLOWED),
    errno.EBUSY: ReaderTrouble("busy", BUSY),
}
MODELS: Final = {
    (0x054C, 0x0193): "Sony PN531",
    (0x04CC, 0x0531): "Philips PN531",
    (0x04CC, 0x2533): "NXP PN533",
    (0x04E6, 0x5591): "SCM SCL3711",
    (0x04E6, 0x5593): "SCM SCL3712",
    (0x054C, 0x02E1): "Sony RC-S330",
    (0x054C, 0x06C1): "Sony RC-S380",
    (0x054C, 0x06C3): "Sony RC-S380",
    (0x072F, 0x2200): "ACS ACR122U",
}
"""What nfcpy reads through, by USB vendor and product."""
RULE: Final = 'SUBSYSTEM=="usb", ATTR{{idVendor}}=="{:04x}", ATTR{{idProduct}}=="{:04x}", TAG+="uaccess"'
"""A line of udev: whoever sits at the machine may open this reader."""


@dataclass(frozen=True)
class Plugged:
    """A reader that is there. `state`: ready, not_allowed, busy or no_reader (it went meanwhile)."""

    device: str
    name: str
    state: str


def check_device(device: str) -> None:
    """Raises CannotStart `bad_device`, `not_installed` or `no_usb`: what waiting would not mend."""
    load_nfc()
    if not DEVICE.fullmatch(device):
        raise CannotStart("bad_device", BAD_DEVICE)
    if device.startswith("usb"):
        list(_on_usb(device))


def udev_rules() -> list[str]:
    """The lines that let a user open every known reader on Linux."""
    return [RULE.format(vendor, product) for vendor, product in MODELS]


def list_readers() -> list[Plugged]:
    """Every USB reader that is plugged in and known. Raises CannotStart `not_installed` or `no_usb`."""
    return [Plugged(path, name, _state_of(path)) for path, name in _on_usb("usb")]


def open_reader(device: str) -> Any:
    """An open frontend of nfcpy. Raises ReaderTrouble no_reader, not_allowed or busy; CannotStart."""
    if not device.startswith("usb"):
        return _open(device)
    trouble = ReaderTrouble("no_reader", NO_READER)
    for path, _ in _on_usb(device):
        try:
            return _open(path)
        except ReaderTrouble as found:
            trouble = found
    raise trouble


def name_of(frontend: Any) -> str:
    """What the reader calls itself: "ACS ACR122U"."""
    device = frontend.device
    words = f"{device.vendor_name or ''} {device.product_name or ''}".split()
    return " ".join(words)[:60] or "NFC"


def _open(path: str) -> Any:
    try:
        return load_nfc().ContactlessFrontend(path)
    except OSError as error:
        raise BY_ERRNO.get(error.errno or 0, ReaderTrouble("no_reader", NO_READER)) from error


def _on_usb(wanted: str) -> Iterator[tuple[str, str]]:
    """A whole path says why it cannot be opened; a part of one would only say "nothing found"."""
    try:
        found = load_nfc().clf.transport.USB.find(wanted) or []
    except OSError as error:
        raise CannotStart("no_usb", NO_USB) from error
    for vendor, product, bus, address in found:
        if (vendor, product) in MODELS:
            yield f"usb:{bus:03}:{address:03}", MODELS[vendor, product]


def _state_of(path: str) -> str:
    try:
        _open(path).close()
    except ReaderTrouble as trouble:
        return trouble.name
    return "ready"
