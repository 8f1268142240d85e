"""Accounts, currencies and amounts as hledger and beancount write them. Pure.

Beancount is the stricter one: the parts of an account's name start with a capital or a figure and hold
letters, figures and dashes; a commodity is at most 24 capitals, figures and dashes (its Language Syntax).
Two accounts of one currency never get the same name, and no account is the parent of another.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

ROOTS: Final = {
    "wallet": "Liabilities:Wallets",
    "issuance": "Equity:Issuance",
    "opening": "Equity:Opening",
    "sales": "Income:Sales",
    "expired": "Income:Expired",
    "node": "Liabilities:Nodes",
    "melt": "Income:Melt",
    "loss": "Expenses:Loss",
    "disputed": "Liabilities:Disputed",
    "receivable": "Assets:Receivable",
    "fees": "Expenses:Fees",
    "suspense": "Assets:Suspense",
    "bank": "Assets:Nodes",
}
LOTS: Final = "-Lots"
_PLAIN_PART: Final = re.compile(r"[a-z0-9][a-z0-9-]*", re.ASCII)
_PLAIN_CODE: Final = re.compile(r"[a-z][a-z0-9-]{0,22}[a-z0-9]", re.ASCII)
_WORDS_OF_BEANCOUNT: Final = frozenset({"true", "false", "null"})
_MARK: Final = 8


@dataclass(frozen=True)
class Standing:
    """Where value stands, as the ledger says it."""

    kind: str
    owner: str
    lot: str = ""


def account_name(standing: Standing) -> str:
    """`Liabilities:Wallets:0192…`; what ends together stands under `Liabilities:Wallets-Lots:0192…:…`."""
    root = ROOTS[standing.kind]
    if standing.lot:
        return f"{root}{LOTS}:{_part(standing.owner)}:{_part(standing.lot)}"
    return f"{root}:{_part(standing.owner)}"


def commodity(code: str) -> str:
    """The currency's code in capitals; one that had to be altered ends with a mark of its own."""
    if _PLAIN_CODE.fullmatch(code) and code not in _WORDS_OF_BEANCOUNT:
        return code.upper()
    return f"C-{_kept(code)[:12]}-{_mark(code)}".replace("--", "-").upper()


def amount_text(amount: int, scale: int) -> str:
    """`amount` minor units with a decimal point: (1850, 2) is 18.50."""
    whole, rest = divmod(abs(amount), 10**scale)
    text = f"{whole}.{rest:0{scale}d}" if scale else str(whole)
    return f"-{text}" if amount < 0 else text


def one_line(text: str) -> str:
    """Words of people on one line, without what ends a comment, a text or a tag in either program."""
    printable = "".join(sign if sign.isprintable() else " " for sign in text)
    return re.sub(r"[\s,;|\"\\]+", " ", printable).strip()


def _part(text: str) -> str:
    if _PLAIN_PART.fullmatch(text):
        return text[0].upper() + text[1:]
    return f"X-{_kept(text)[:40]}-{_mark(text)}".replace("--", "-")


def _kept(text: str) -> str:
    """What can stay of it: letters without accents, figures, dashes."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return re.sub(r"[^A-Za-z0-9]+", "-", bare, flags=re.ASCII).strip("-")


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_MARK]
