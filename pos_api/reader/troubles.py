"""What may be wrong with a reader, by name, and in a sentence that says what to do."""

from typing import Final

NOT_INSTALLED: Final = (
    "The library that reads cards is missing. In the environment of this command: "
    "python -m pip install 'hameau[reader]' (Python 3.11, 3.12 or 3.13)."
)
NO_USB: Final = "The system library libusb is missing. On Debian or Ubuntu: sudo apt install libusb-1.0-0"
NO_READER: Final = "I find no reader. I plug one in; it is found by itself. Known readers: docs/reader.md."
NOT_ALLOWED: Final = (
    "This user may not open the reader. Once: hameau reader --udev | sudo tee "
    "/etc/udev/rules.d/70-hameau-reader.rules, then: sudo udevadm control --reload. "
    "I plug the reader in again."
)
BUSY: Final = (
    "Another program holds the reader: pcscd (sudo systemctl stop pcscd.socket pcscd) "
    "or the kernel (sudo modprobe -r pn533_usb)."
)
BAD_DEVICE: Final = (
    "A device is usb, usb:072f:2200, tty:USB0:pn532, com:COM3:pn532, "
    "or udp:127.0.0.1:54321 to try without a reader."
)


class ReaderTrouble(Exception):
    """`name` is what the till is told: no_reader, not_allowed, busy. `sentence` is for the terminal."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(sentence)
        self.name = name
        self.sentence = sentence


class CannotStart(ReaderTrouble):
    """Waiting would not help: the command says its sentence and ends."""
