"""A list of cards as a spreadsheet gives it: which column is which, every line read, every mistake named.

Mistakes are words for the page to translate: "uid_size", "amount", "twice", … (`MISTAKES`).
"""

import csv
import io
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from wallet.cards.address import code_of
from wallet.cards.amount import BadAmount, read_amount
from wallet.cards.number import BadCode, BadNumber, normal_number
from wallet.cards.uid import BadUid, Notation, normal_uid

MOST_LINES: Final = 5000
MARKS: Final = ";\t,|"
COLUMNS: Final[Mapping[str, frozenset[str]]] = {
    "uid": frozenset({"uid", "uid nfc", "nfc", "nfc uid", "tag", "tag id", "puce", "chip", "numero de puce"}),
    "number": frozenset({"number", "numero", "n", "no", "carte", "card", "numero de carte", "card number"}),
    "code": frozenset({"code", "qr", "qr code", "qrcode", "code qr", "url", "adresse", "address", "lien"}),
    "balance": frozenset({"balance", "solde", "amount", "montant", "avoir"}),
}  # fmt: skip
IDENTITY: Final = ("uid", "number", "code")
MISTAKES: Final = (
    "uid_unreadable", "uid_size", "uid_half", "uid_random", "number", "code", "amount", "empty", "columns",
    "twice", "known", "other_card",
)  # fmt: skip


class BadTable(ValueError):
    """This is no list of cards. `why`: "no_columns", "empty", "too_long"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Row:
    """One card: its line in the file, what it says, what it holds in minor units, what is wrong."""

    line: int
    uid: str = ""
    number: str = ""
    code: str = ""
    balance: int = 0
    said: tuple[str, ...] = ()
    mistakes: tuple[str, ...] = ()

    def wrong(self, *mistakes: str) -> "Row":
        """The same line with more mistakes."""
        return replace(self, mistakes=(*self.mistakes, *mistakes))


@dataclass(frozen=True)
class Preview:
    """What a file would bring. `total` counts the right lines, in minor units."""

    rows: tuple[Row, ...]
    has_balances: bool = False
    columns: tuple[str, ...] = field(default=())

    @property
    def errors(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.mistakes)

    @property
    def total(self) -> int:
        return sum(row.balance for row in self.rows if not row.mistakes)


def text_of(data: bytes) -> str:
    """The text of a file, as spreadsheets save it: UTF-8, marked UTF-16, or Windows' Western alphabet."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def preview_table(text: str, *, notation: Notation = "hex", scale: int = 2) -> Preview:
    """Every line of the list. Raises BadTable when no column says which card it is, or nothing follows."""
    table = list(_lines(text))
    if not table:
        raise BadTable("empty")
    columns, first = _columns(table[0][1], notation)
    lines = table[first:]
    if not lines:
        raise BadTable("empty")
    if len(lines) > MOST_LINES:
        raise BadTable("too_long")
    rows = [_row(number, dict(zip(columns, cells, strict=False)), notation, scale)
            if len(cells) <= len(columns) else Row(number, said=tuple(cells)).wrong("columns")
            for number, cells in lines]  # fmt: skip
    return Preview(tuple(_without_twins(rows)), "balance" in columns, tuple(name for name in columns if name))


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The lines that hold something, with their numbers."""
    head = text.lstrip("\ufeff\r\n \t").partition("\n")[0]
    mark = max(MARKS, key=lambda mark: (head.count(mark), -MARKS.index(mark)))
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=mark)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, [cell.strip() for cell in _trimmed(cells)]
    except csv.Error as error:
        raise BadTable("no_columns") from error


def _trimmed(cells: Sequence[str]) -> Sequence[str]:
    """Without the empty cells that spreadsheets add at the end."""
    last = max(at for at, cell in enumerate(cells, start=1) if cell.strip())
    return cells[:last]


def _columns(head: Sequence[str], notation: Notation) -> tuple[list[str], int]:
    """The columns' meanings ("" for those that say nothing), and where the cards begin."""
    found = [next((name for name, words in COLUMNS.items() if _folded(cell) in words), "") for cell in head]
    named = [name for name in found if name]
    if set(named) & set(IDENTITY) and len(named) == len(set(named)):
        return found, 1
    if len(head) == 1 and not named and _reads_as_uid(head[0], notation):
        return ["uid"], 0
    raise BadTable("no_columns")


def _reads_as_uid(text: str, notation: Notation) -> bool:
    try:
        return bool(normal_uid(text, notation))
    except BadUid:
        return False


def _folded(text: str) -> str:
    plain = "".join(s for s in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(s))
    return " ".join("".join(s if s.isalnum() else " " for s in plain.replace("n°", "n ")).split())


def _row(line: int, cells: Mapping[str, str], notation: Notation, scale: int) -> Row:
    mistakes: list[str] = []

    def read(name: str, reader: Callable[[str], str]) -> str:
        try:
            return reader(cells[name]) if cells.get(name) else ""
        except BadUid as error:
            mistakes.append(f"uid_{error.why}")
        except (BadNumber, BadCode):
            mistakes.append(name)
        return ""

    uid = read("uid", lambda text: normal_uid(text, notation))
    number, code = read("number", normal_number), read("code", code_of)
    balance = 0
    try:
        balance = read_amount(cells.get("balance", ""), scale)
    except BadAmount:
        mistakes.append("amount")
    if not any(cells.get(name) for name in IDENTITY):
        mistakes.append("empty")
    said = tuple(cells.get(name, "") for name in (*IDENTITY, "balance"))
    return Row(line, uid, number, code, balance, said, tuple(mistakes))


def _without_twins(rows: Sequence[Row]) -> Iterator[Row]:
    """The same rows; what an earlier line said already is a mistake."""
    seen: set[tuple[str, str]] = set()
    for row in rows:
        keys = {(name, value) for name in IDENTITY if (value := getattr(row, name))}
        yield row.wrong("twice") if keys & seen else row
        seen |= keys
