"""What a reader, a camera or a hand gives for a card, and everything it may mean."""

from dataclasses import dataclass
from typing import Final

from wallet.cards.address import Address, is_address, read_address
from wallet.cards.number import BadCode, BadNumber, is_mistyped, normal_code, normal_number
from wallet.cards.uid import readings

LONGEST: Final = 2000


@dataclass(frozen=True)
class Tap:
    """A card as it was presented: by its chip, its printed number, its code, a proven tap, or any text."""

    uid: str = ""
    number: str = ""
    code: str = ""
    picc_data: str = ""
    cmac: str = ""
    text: str = ""

    @property
    def has_message(self) -> bool:
        """Whether the chip proves its tap."""
        return bool(self.picc_data or self.cmac)


@dataclass(frozen=True)
class Meant:
    """What to look for among known cards: any of these, which must lead to one card alone."""

    uids: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    picc_data: str = ""
    cmac: str = ""
    is_mistyped: bool = False

    @property
    def is_nothing(self) -> bool:
        return not (self.uids or self.numbers or self.codes or self.picc_data)


def meant_by(tap: Tap) -> Meant:
    """Everything that a tap may mean; a text is tried as an address, a number, a code and a chip number."""
    if tap.text:
        return _of_text(tap.text)
    address = _address(tap.code) if is_address(tap.code) else Address(code=tap.code)
    return Meant(
        readings(tap.uid) if tap.uid else (),
        _numbers(tap.number) if tap.number else (),
        _codes(address.code) if address.code else (),
        tap.picc_data or address.picc_data,
        tap.cmac or address.cmac,
    )


def _of_text(text: str) -> Meant:
    if is_address(text):
        address = _address(text)
        codes = _codes(address.code) if address.code else ()
        return Meant((), (), codes, address.picc_data, address.cmac)
    numbers = _numbers(text)
    wrong = any(is_mistyped(number) for number in numbers)
    return Meant(readings(text), numbers, _codes(text), is_mistyped=wrong)


def _address(text: str) -> Address:
    try:
        return read_address(text)
    except BadCode:
        return Address()


def _numbers(text: str) -> tuple[str, ...]:
    try:
        return (normal_number(text),)
    except BadNumber:
        return ()


def _codes(text: str) -> tuple[str, ...]:
    """As it stands, and in capitals as ours are."""
    try:
        code = normal_code(text)
    except BadCode:
        return ()
    return tuple(dict.fromkeys((code, code.upper())))
