"""The ledger as a journal for hledger 1.25 and newer; it passes `hledger check --strict`."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from wallet.exports import reading
from wallet.exports.journals import Posting, closing, facts, postings, words
from wallet.exports.names import account_name, amount_text, commodity, one_line
from wallet.exports.reading import Booked, Span
from wallet.models.currency import Currency

HEAD = "; {title}: every transfer of the ledger; balances are asserted at the end.\ndecimal-mark .\n"


def journal(session: Session) -> Iterator[bytes]:
    """The file, piece by piece."""
    span = reading.span(session)
    yield HEAD.format(title=one_line(span.title) if span else "Hameau").encode()
    for currency in reading.currencies(session):
        yield _currency(currency).encode()
    if span:
        yield from _moved(session, span)


def _moved(session: Session, span: Span) -> Iterator[bytes]:
    names = dict.fromkeys(account_name(held.standing) for held in reading.accounts(session))
    for name in names:
        yield f"account {name}\n".encode()
    for transaction in reading.booked(session):
        if transaction.transfers:
            yield _transaction(span, transaction).encode()
    for held in reading.accounts(session):
        yield _assertion(span, closing(held)).encode()


def _currency(currency: Currency) -> str:
    sample = amount_text(1000 * 10**currency.scale, currency.scale)
    mark = "" if currency.scale else "."
    return f'commodity {sample}{mark} "{commodity(currency.code)}"\n    ; name:{one_line(currency.name)}\n'


def _transaction(span: Span, transaction: Booked) -> str:
    told = "".join(f"    ; {name}:{value}\n" for name, value in facts(transaction).items())
    lines = "".join(
        f'    {account}  {amount} "{commodity}"\n' for account, amount, commodity in postings(transaction)
    )
    return f"\n{span.day(transaction.receipt.at)} * ({transaction.seq}) {words(transaction)}\n{told}{lines}"


def _assertion(span: Span, held: Posting) -> str:
    account, amount, commodity = held
    return f'\n{span.closing} * balance\n    {account}  0 "{commodity}" = {amount} "{commodity}"\n'
