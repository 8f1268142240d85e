"""A card without plastic: an NTAG 424 DNA in software, for the demonstration and for tests."""

import secrets
from dataclasses import dataclass

from wallet.cards.sun import BLOCK, COUNTER_BYTES, UID_BYTES, CardKeys, Proven, mac_of, write_picc

NOISE_BYTES = BLOCK - 1 - UID_BYTES - COUNTER_BYTES


@dataclass(frozen=True)
class Message:
    """What a reader gets from the chip, in hexadecimal digits."""

    picc_data: str
    cmac: str

    def address(self, page: str) -> str:
        """The address that the chip shows to a phone; `page` is what comes before the message."""
        return f"{page}?picc_data={self.picc_data}&cmac={self.cmac}"


@dataclass
class SoftwareCard:
    """A chip that counts its reads and makes a message for each of them, as the real one does."""

    uid: str
    keys: CardKeys
    counter: int = 0

    def tap(self) -> Message:
        """One more read, one more message."""
        self.counter += 1
        now = Proven(self.uid, self.counter)
        picc_data = write_picc(now, self.keys.meta, secrets.token_bytes(NOISE_BYTES))
        return Message(picc_data.hex().upper(), mac_of(now, self.keys.of_card(self.uid)).hex().upper())


def new_uid() -> str:
    """A chip number of seven bytes as the maker (04) gives them."""
    return f"04{secrets.token_hex(UID_BYTES - 1)}".upper()
