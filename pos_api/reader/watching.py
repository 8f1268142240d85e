"""The thread that watches one reader: what it sees, once for each time a card is held to it."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import Event
from typing import Any, Final

from pos_api.reader.devices import name_of, open_reader
from pos_api.reader.library import load_nfc
from pos_api.reader.troubles import NO_READER, ReaderTrouble

BETWEEN: Final = 0.1
"""Seconds between two looks."""
AWAY: Final = 0.6
"""Seconds that a card must be gone before it counts as held again: at the edge of the field it flickers."""
RETRY: Final = (0.5, 1.0, 2.0, 3.0)
"""Seconds before a reader that is not there is looked for again."""
LONGEST_ADDRESS: Final = 2000
MOST_STRANGE: Final = 20
"""Looks that fail in a row before the reader is opened anew."""
ISO_DEP: Final = 0x20
"""The bit of SEL_RES that says ISO/IEC 14443-4: the chips that prove their taps speak it."""
MOST_TORN: Final = 20
"""Looks at such a chip that may fail before its number is told alone; one that says no is believed."""
NDEF_APPLICATION: Final = bytes.fromhex("D2760000850101")
"""What holds the message of such a chip (NFC Forum, Type 4 Tag)."""


@dataclass(frozen=True)
class CardSeen:
    """A card was held to the reader. Neither field is ever logged."""

    uid: str
    url: str = ""


@dataclass(frozen=True)
class ReaderState:
    """ready, no_reader, not_allowed or busy; `sentence` says what to do."""

    state: str
    reader: str = ""
    sentence: str = ""


Told = Callable[[CardSeen | ReaderState], None]


class Presence:
    """Whether what the reader sees is a card held anew, or the one that still lies there.

    A card is gone when looks find nothing, not when nobody looked: a busy machine may pause. Moments are in
    seconds of any clock that only goes forward.
    """

    def __init__(self) -> None:
        self._uid = ""
        self._nothing_since: float | None = None

    def is_new(self, uid: str, at: float) -> bool:
        """A look found this card."""
        was_away = self._nothing_since is not None and at - self._nothing_since >= AWAY
        is_same = uid == self._uid and not was_away
        self._uid, self._nothing_since = uid, None
        return not is_same

    def is_nothing(self, at: float) -> None:
        """A look that began then found nothing."""
        if self._nothing_since is None:
            self._nothing_since = at


class Watch:
    """Opens the reader, looks for cards, opens it again when it was unplugged; ends when told."""

    def __init__(self, device: str, tell: Told) -> None:
        self._device = device
        self._tell = tell
        self._over = Event()
        self._state: ReaderState | None = None
        self._presence = Presence()
        self._torn = 0

    def stop(self) -> None:
        """Let `run` end within a second or so."""
        self._over.set()

    def run(self) -> None:
        """Until `stop`; never raises for what a reader or a card does."""
        tries = 0
        while not self._over.is_set():
            frontend = self._opened()
            if frontend is not None:
                tries = 0
                self._say(ReaderState("ready", name_of(frontend)))
                self._use(frontend)
            self._over.wait(RETRY[min(tries, len(RETRY) - 1)])
            tries += 1

    def _opened(self) -> Any:
        """The reader; None when it is not there, which was told."""
        try:
            return open_reader(self._device)
        except ReaderTrouble as trouble:
            self._say(ReaderState(trouble.name, "", trouble.sentence))
        except Exception:  # a driver that stumbles over half a reader: it is being plugged in or out
            self._say(ReaderState("no_reader", "", NO_READER))
        return None

    def _say(self, state: ReaderState) -> None:
        if state != self._state:
            self._state = state
            self._tell(state)

    def _use(self, frontend: Any) -> None:
        """Until it is unplugged: nfcpy says so with OSError. What it cannot read, in many ways."""
        strange = 0
        while strange < MOST_STRANGE and not self._over.is_set():
            try:
                self._look(frontend)
                strange = 0
            except OSError:
                break
            except Exception:  # a broken card or a stray datagram must not end the evening
                strange += 1
                self._over.wait(BETWEEN)
        self._presence.is_nothing(time.monotonic())
        with suppress(Exception):  # it may be gone already
            frontend.close()

    def _look(self, frontend: Any) -> None:
        nfc = load_nfc()
        began = time.monotonic()
        target = frontend.sense(nfc.clf.RemoteTarget("106A"))
        if target is None or not target.sdd_res:
            self._presence.is_nothing(began)
            self._over.wait(BETWEEN)
            return
        uid = bytes(target.sdd_res).hex().upper()
        is_new = self._presence.is_new(uid, time.monotonic())
        tag = nfc.tag.activate(frontend, target)
        if is_new and not self._is_told(uid, tag, target):
            return
        frontend.device.turn_on_led_and_buzzer()
        while tag is not None and tag.is_present and not self._over.wait(BETWEEN):
            pass
        frontend.device.turn_off_led_and_buzzer()
        self._over.wait(BETWEEN)

    def _is_told(self, uid: str, tag: Any, target: Any) -> bool:
        """A chip that may prove its tap, and was torn away, is looked at again before its number is told."""
        address = address_on(tag)
        may_prove = bool(target.sel_res and target.sel_res[0] & ISO_DEP)
        if address is None and may_prove and self._torn < MOST_TORN:
            self._torn += 1
            self._presence = Presence()
            return False
        self._torn = 0
        self._tell(CardSeen(uid, address or ""))
        return True


def address_on(tag: Any) -> str | None:
    """The address that the card's NDEF message holds (an NTAG 424 DNA writes its proof there), or nothing.

    None: it could not be read, the card was taken away too soon.
    """
    try:
        message = tag.ndef if tag is not None else None
        if message is None:
            return "" if tag is not None and _says_no(tag) else None
        addresses = [record.iri for record in message.records if record.type == "urn:nfc:wkt:U"]
    except Exception:  # what may be written on a card is anybody's
        return None
    plain = (address for address in addresses if address.startswith(("https://", "http://")))
    return next((address for address in plain if len(address) <= LONGEST_ADDRESS), "")


def _says_no(tag: Any) -> bool:
    """Whether a card that is there has no message.

    A chip of blocks says so by a status. Without one, a late answer may have put its blocks out of step:
    what the reader saw was the answer to an earlier question.
    """
    if not tag.is_present:
        return False
    if not hasattr(tag, "send_apdu"):
        return True
    try:
        tag.send_apdu(0x00, 0xA4, 0x04, 0x00, NDEF_APPLICATION, 256)
    except load_nfc().tag.TagCommandError as error:
        return bool(error.errno > 0)
    return False
