"""Lists of cards as spreadsheets give them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallet.cards.amount import BadAmount, read_amount
from wallet.cards.table import MISTAKES, BadTable, preview_table, text_of

FRENCH = "UID;Numéro;QR code;Solde\n04:a2:1b:3c;000123;https://old.example/q/ABCD;12,50\n04A21B3D;000124;;0\n"


def test_a_french_list_is_read() -> None:
    preview = preview_table(FRENCH)
    assert not preview.errors
    assert preview.has_balances
    assert preview.total == 1250
    first, second = preview.rows
    assert (first.uid, first.number, first.code, first.balance) == ("04A21B3C", "000123", "ABCD", 1250)
    assert (second.line, second.uid, second.code) == (3, "04A21B3D", "")


@pytest.mark.parametrize(
    "text",
    [
        "uid,number,balance\n04A21B3C,7,10.00\n",
        "number\tuid\tbalance\n7\t04A21B3C\t10\n",
        '\ufeff"Balance";"UID";"Card number";"Remark"\r\n"10,00 €";"04 A2 1B 3C";"7";"for Jo"\r\n',
        "chip|card|amount\n04A21B3C|7|10,00\n\n\n",
        "\n\nuid;n°;solde;;\n04A21B3C;7;10;;\n",
    ],
)
def test_columns_are_known_by_their_names_in_any_order(text: str) -> None:
    (row,) = preview_table(text).rows
    assert (row.uid, row.number, row.balance, row.mistakes) == ("04A21B3C", "7", 1000, ())


def test_a_bare_list_of_chips_needs_no_title() -> None:
    preview = preview_table("04A21B3C\n04A21B3D\n")
    assert [row.uid for row in preview.rows] == ["04A21B3C", "04A21B3D"]
    assert not preview.has_balances


def test_decimal_chips_are_read_in_the_notation_that_is_said() -> None:
    text = "uid;number\n0123456789;1\n"
    assert preview_table(text).rows[0].mistakes == ("uid_size",)
    assert preview_table(text, notation="decimal").rows[0].uid == "075BCD15"
    assert preview_table(text, notation="decimal_reversed").rows[0].uid == "15CD5B07"


def test_every_mistake_is_named_by_line_and_kept_out_of_the_total() -> None:
    preview = preview_table(
        "uid;number;code;balance\n"
        "04A21B3C;1;;5\n"  # 2 right
        "04A21B;2;;5\n"  # 3 too short
        "04A21B3D;é;;5\n"  # 4 no number
        "04A21B3E;4;x y;5\n"  # 5 no code
        "04A21B3F;5;;five\n"  # 6 no amount
        ";;;5\n"  # 7 which card?
        "04:a2:1b:3c;8;;5\n"  # 8 said on line 2
        "04A21B40;1;;5\n"  # 9 number of line 2
        "04A21B41;9;;5;what\n"  # 10 one cell too many
        "08A21B41;10;;1,234\n"  # 11 two mistakes
    )
    assert {row.line: row.mistakes for row in preview.errors} == {
        3: ("uid_size",),
        4: ("number",),
        5: ("code",),
        6: ("amount",),
        7: ("empty",),
        8: ("twice",),
        9: ("twice",),
        10: ("columns",),
        11: ("uid_random", "amount"),
    }
    assert preview.total == 500


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("\n \n", "empty"),
        ("uid;number\n", "empty"),
        ("name;town\nJo;Lyon\n", "no_columns"),
        ("uid;uid\n04A21B3C;04A21B3C\n", "no_columns"),
        ("uid\n" + "04A21B3C\n" * 5001, "too_long"),
    ],
)
def test_what_is_no_list_of_cards_is_refused(text: str, why: str) -> None:
    with pytest.raises(BadTable) as refused:
        preview_table(text)
    assert refused.value.why == why


@given(st.text(max_size=300))
def test_any_text_is_a_list_or_refused(text: str) -> None:
    try:
        preview = preview_table("uid;balance\n" + text)
    except BadTable:
        return
    assert all(set(row.mistakes) <= set(MISTAKES) for row in preview.rows)


@pytest.mark.parametrize("alphabet", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_files_of_any_spreadsheet_are_read(alphabet: str) -> None:
    assert text_of("Numéro;Solde\n7;12,50 €\n".encode(alphabet)) == "Numéro;Solde\n7;12,50 €\n"


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("", 0), ("0", 0), ("12", 1200), ("12,5", 1250), ("12.50", 1250), ("12,50 €", 1250), ("€12.50", 1250),
        ("1 250,00", 125000), ("1\u202f250,00\u00a0€", 125000), ("1.250,00", 125000), ("1,250.00", 125000),
        ("1'250.00", 125000), ("7 EUR", 700),
    ],
)  # fmt: skip
def test_amounts_in_french_and_english(text: str, cents: int) -> None:
    assert read_amount(text, 2) == cents


@pytest.mark.parametrize("text", ["-5", "1,250", "12,345", "five", "1e3", "=1+1", "9" * 12, "1,2,3", "12,"])
def test_amounts_that_say_two_things_or_nothing_are_refused(text: str) -> None:
    with pytest.raises(BadAmount):
        read_amount(text, 2)
