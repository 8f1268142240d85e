"""What people read about cards: why a chip number, a line or a list cannot be used."""

from kit.i18n import Lazy, lazy

UID_WORDS: dict[str, Lazy] = {
    "unreadable": lazy("I write the chip's number with digits and the letters A to F."),
    "size": lazy("A chip's number has 4, 7 or 10 bytes: 8, 14 or 20 digits."),
    "half": lazy("The reader gave half of the chip's number. I set it to the whole number."),
    "random": lazy("This is a phone: its number changes at each tap. I use its QR code."),
}
MISTAKE_WORDS: dict[str, Lazy] = {
    **{f"uid_{why}": words for why, words in UID_WORDS.items()},
    "number": lazy("The printed number holds other signs than letters and digits."),
    "code": lazy("The QR code's address is not readable."),
    "amount": lazy("The balance is not readable: I write it as 12.50."),
    "empty": lazy("This line names no card."),
    "columns": lazy("This line has more cells than there are titles."),
    "twice": lazy("This card is on an earlier line already."),
    "known": lazy("This card is known here already."),
    "other_card": lazy("This number or code belongs to another card already."),
}
LIST_WORDS: dict[str, Lazy] = {
    "no_columns": lazy("The first line names the columns: UID, number or code, and perhaps balance."),
    "empty": lazy("There is no card in this list."),
    "too_long": lazy("This list is too long: 5,000 cards at most. I cut it in two."),
}
NOTATION_WORDS: dict[str, Lazy] = {
    "hex": lazy("Digits and letters, as usual"),
    "hex_reversed": lazy("Digits and letters, last byte first"),
    "decimal": lazy("Digits only (decimal)"),
    "decimal_reversed": lazy("Digits only (decimal), last byte first"),
}
