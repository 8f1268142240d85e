"""Watching a reader: each presentation told once; what may be wrong with readers and cards, by name."""

import errno
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from pos_api.reader import devices, library, watching
from pos_api.reader.devices import check_device, list_readers, open_reader
from pos_api.reader.troubles import CannotStart, ReaderTrouble
from pos_api.reader.watching import MOST_TORN, CardSeen, Presence, ReaderState, Watch, address_on

UID = bytes.fromhex("04A1B2C3D4E581")
LONG = bytes.fromhex("04A1B2C3D4E5F60718")
ADDRESS = "https://bar.example/c/ABC?picc_data=00&cmac=11"
NOT_FOUND, OUT_OF_STEP, DONE = 0x6A82, -2, 0x9000
"""What nfcpy makes of a chip's answer: a status, or, below one, that none was understood."""
UNPLUGGED = OSError(errno.ENODEV, "gone")


class Field:
    """What a reader sees, look by look: a chip's number, nothing, or an error; afterwards the watch ends."""

    def __init__(self, *seen: bytes | Exception | None, sel_res: bytes = b"\x00") -> None:
        self.seen = list(seen)
        self.sel_res = sel_res
        self.watch: Watch | None = None
        self.told: list[Any] = []
        quiet: Any = SimpleNamespace(vendor_name="ACS", product_name="ACR122U")
        quiet.turn_on_led_and_buzzer = quiet.turn_off_led_and_buzzer = lambda: None
        self.device = quiet

    def sense(self, _target: object) -> Any:
        if not self.seen:
            self.watch.stop() if self.watch else None
            return None
        now = self.seen.pop(0)
        if isinstance(now, Exception):
            raise now
        return SimpleNamespace(sdd_res=now, sel_res=self.sel_res) if now else None

    def close(self) -> None:
        self.told.append("closed")


def play(monkeypatch: pytest.MonkeyPatch, field: Field, *tags: Any) -> list[Any]:
    """What is told; the tags are those of the first looks, one each."""
    found = iter(tags)
    nfc = SimpleNamespace(
        clf=SimpleNamespace(RemoteTarget=lambda _kind: None),
        tag=SimpleNamespace(activate=lambda *_: next(found, None)),
    )
    monkeypatch.setattr(watching, "load_nfc", lambda: nfc)
    monkeypatch.setattr(watching, "open_reader", lambda _device: field)
    monkeypatch.setattr(watching, "BETWEEN", 0.001)
    monkeypatch.setattr(watching, "RETRY", (0.001,))
    field.watch = Watch("usb", field.told.append)
    field.watch.run()
    return field.told


def record(address: str) -> Any:
    return SimpleNamespace(type="urn:nfc:wkt:U", iri=address)


def holds(*addresses: str) -> Any:
    return SimpleNamespace(ndef=SimpleNamespace(records=[record(one) for one in addresses]), is_present=False)


def test_a_card_is_told_once_and_another_one_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    told = play(monkeypatch, Field(None, UID, UID, None, UID, LONG, UID))
    cards = [one.uid for one in told if isinstance(one, CardSeen)]
    assert cards == [UID.hex().upper(), LONG.hex().upper(), UID.hex().upper()]
    assert told[0] == ReaderState("ready", "ACS ACR122U")


def test_a_card_taken_away_and_held_again_is_new() -> None:
    presence = Presence()
    assert [presence.is_new("04", at) for at in (0.0, 0.3, 5.0)] == [True, False, False]
    # It flickers at the edge of the field.
    presence.is_nothing(5.1)
    assert not presence.is_new("04", 5.5)
    for at in (6.0, 6.3, 6.5):
        presence.is_nothing(at)
    assert presence.is_new("04", 6.8)
    assert presence.is_new("05", 6.9)


def test_a_broken_card_and_an_unplugged_reader_do_not_end_the_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    told = play(monkeypatch, Field(ValueError("stray"), UID, UNPLUGGED, LONG))
    assert [one.uid for one in told if isinstance(one, CardSeen)] == [UID.hex().upper(), LONG.hex().upper()]
    assert told.count("closed") == 2
    # A reader that only stumbles is opened anew.
    told = play(monkeypatch, Field(*[ValueError("stumbles")] * 20, UID))
    assert told.count("closed") == 2
    assert told[-2:] == [CardSeen(UID.hex().upper()), "closed"]


def test_a_driver_that_stumbles_is_a_reader_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(_device: str) -> Any:
        watch.stop()
        raise AssertionError("half a reader")

    told: list[Any] = []
    watch = Watch("usb", told.append)
    monkeypatch.setattr(watching, "open_reader", stumble)
    watch.run()
    assert [one.state for one in told] == ["no_reader"]


def test_the_proof_on_the_chip_comes_with_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    told = play(monkeypatch, Field(UID), holds(ADDRESS))
    assert told[1] == CardSeen(UID.hex().upper(), ADDRESS)


class Torn:
    @property
    def ndef(self) -> Any:
        raise RuntimeError("taken away too soon")


def test_a_chip_that_may_prove_is_read_again_when_it_was_torn(monkeypatch: pytest.MonkeyPatch) -> None:
    told = play(monkeypatch, Field(UID, UID, sel_res=b"\x20"), Torn(), holds(ADDRESS))
    assert [one for one in told if isinstance(one, CardSeen)] == [CardSeen(UID.hex().upper(), ADDRESS)]
    told = play(monkeypatch, Field(*[UID] * (MOST_TORN + 2), sel_res=b"\x20"))
    assert [one for one in told if isinstance(one, CardSeen)] == [CardSeen(UID.hex().upper())]


def of_blocks(errno: int) -> Any:
    """A chip that is there, gives no message, and answers the choice of its application so."""

    def choose(*_: object) -> bytes:
        if errno != DONE:
            raise library.load_nfc().tag.TagCommandError(errno)
        return b""

    return SimpleNamespace(ndef=None, is_present=True, send_apdu=choose)


@pytest.mark.parametrize(
    ("tag", "address"),
    [
        (of_blocks(NOT_FOUND), ""),
        (of_blocks(OUT_OF_STEP), None),
        (of_blocks(DONE), None),
        (None, None),
        (Torn(), None),
        (SimpleNamespace(ndef=None, is_present=False), None),
        (SimpleNamespace(ndef=None, is_present=True), ""),
        (holds("tel:112"), ""),
        (holds("https://x.example/" + "a" * 2000), ""),
        (holds("tel:112", ADDRESS), ADDRESS),
    ],
)
def test_what_a_card_says_is_its_first_address_or_nothing(tag: Any, address: str | None) -> None:
    assert address_on(tag) == address


def plug(monkeypatch: pytest.MonkeyPatch, error: OSError | None, found: list[tuple[int, ...]]) -> None:
    def open_it(path: str) -> Any:
        if error:
            raise error
        return SimpleNamespace(path=path, close=lambda: None)

    usb = SimpleNamespace(find=lambda _path: found)
    nfc = SimpleNamespace(
        ContactlessFrontend=open_it, clf=SimpleNamespace(transport=SimpleNamespace(USB=usb))
    )
    monkeypatch.setattr(devices, "load_nfc", lambda: nfc)


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (errno.EACCES, "not_allowed"),
        (errno.EBUSY, "busy"),
        (errno.ENODEV, "no_reader"),
        (errno.EIO, "no_reader"),
    ],
)
def test_what_is_wrong_with_a_reader_has_a_name(
    monkeypatch: pytest.MonkeyPatch, number: int, name: str
) -> None:
    plug(monkeypatch, OSError(number, "no"), [(0x072F, 0x2200, 1, 4), (0x1D6B, 0x0002, 1, 1)])
    with pytest.raises(ReaderTrouble) as trouble:
        open_reader("usb")
    assert trouble.value.name == name
    assert [(one.device, one.state) for one in list_readers()] == [("usb:001:004", name)]


def test_a_mouse_is_no_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    plug(monkeypatch, None, [(0x046D, 0xC077, 1, 2)])
    with pytest.raises(ReaderTrouble, match="no reader"):
        open_reader("usb")
    plug(monkeypatch, None, [(0x072F, 0x2200, 1, 4)])
    assert open_reader("usb").path == "usb:001:004"


def test_a_machine_without_the_libraries_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def find(_path: str) -> Any:
        raise OSError("cannot open shared object file")

    usb = SimpleNamespace(USB=SimpleNamespace(find=find))
    monkeypatch.setattr(devices, "load_nfc", lambda: SimpleNamespace(clf=SimpleNamespace(transport=usb)))
    for act in (list_readers, lambda: check_device("usb")):
        with pytest.raises(CannotStart, match="libusb"):
            act()
    monkeypatch.setitem(sys.modules, "nfc", None)
    with pytest.raises(CannotStart, match=r"hameau\[reader\]"):
        library.load_nfc()


@pytest.mark.parametrize("device", ["", "usb:", "udp:192.0.2.1:54321", "udp", "serial", "usb:072f:2200:1"])
def test_a_device_is_one_that_is_known(device: str) -> None:
    with pytest.raises(CannotStart, match="A device is"):
        check_device(device)
