"""The ledger for beancount (Beancount Language Syntax, version 3); `bean-check` adds it up again."""

from collections.abc import Iterator
from itertools import groupby

from sqlalchemy.orm import Session

from wallet.exports import reading
from wallet.exports.journals import Posting, closing, facts, postings, words
from wallet.exports.names import account_name, commodity, one_line
from wallet.exports.reading import Booked, Held, Span
from wallet.models.currency import Currency

HEAD = '; Every transfer of the ledger; balances are asserted at the end.\noption "title" "{title}"\n'


def journal(session: Session) -> Iterator[bytes]:
    """The file, piece by piece."""
    span = reading.span(session)
    yield HEAD.format(title=one_line(span.title) if span else "Hameau").encode()
    if span:
        yield from _moved(session, span)


def _moved(session: Session, span: Span) -> Iterator[bytes]:
    for currency in reading.currencies(session):
        yield _currency(span, currency).encode()
    for name, group in groupby(reading.accounts(session), key=_name):
        yield _opened(span, name, [commodity(held.code) for held in group]).encode()
    for transaction in reading.booked(session):
        if transaction.transfers:
            yield _transaction(span, transaction).encode()
    for held in reading.accounts(session):
        yield _assertion(span, closing(held)).encode()


def _name(held: Held) -> str:
    return account_name(held.standing)


def _currency(span: Span, currency: Currency) -> str:
    return f'{span.first} commodity {commodity(currency.code)}\n  name: "{one_line(currency.name)}"\n'


def _opened(span: Span, account: str, commodities: list[str]) -> str:
    return f"{span.first} open {account} {','.join(commodities)}\n"


def _transaction(span: Span, transaction: Booked) -> str:
    told = "".join(f'  {name}: "{value}"\n' for name, value in facts(transaction).items())
    lines = "".join(f"  {account}  {amount} {unit}\n" for account, amount, unit in postings(transaction))
    day = span.day(transaction.receipt.at)
    return f'\n{day} * "{words(transaction)}"\n  seq: {transaction.seq}\n{told}{lines}'


def _assertion(span: Span, held: Posting) -> str:
    """Without `~ 0` beancount would forgive a cent (Precision & Tolerances, "Balance Assertions")."""
    account, amount, unit = held
    return f"\n{span.closing} balance {account}  {amount} ~ 0 {unit}\n"
