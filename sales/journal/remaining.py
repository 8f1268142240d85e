"""What remains on a Pass after it paid, as the ledger's book says once a batch is decided."""

from sales.journal.asking import AnyAsk, Sell
from sales.journal.book import Book
from sales.journal.shapes import Link


class Paid(Link, frozen=True):
    """A sale that one Pass paid. `left`: by code of currency, what it still holds, in minor units."""

    left: tuple[tuple[str, int], ...] = ()


def with_remains(book: Book, ask: AnyAsk, link: Link) -> Link:
    """The link of a sale that one Pass of this node paid, with what remains on it; any other as it is."""
    if not isinstance(ask, Sell) or ask.spend is None or len(ask.spend.payers) != 1:
        return link
    payer, money = ask.spend.payers[0], book.money
    wallet = money.cards[payer.card].wallet if payer.card in money.cards else payer.wallet
    left = dict.fromkeys(_codes(link), 0)
    for account in money.accounts_of(str(wallet)):
        code = money.assets[account.place.asset].code
        if code in left:
            left[code] += account.free
    return Paid(link.entry, link.body, link.mac, tuple(left.items()))


def _codes(link: Link) -> list[str]:
    sale = link.entry.sale
    return [one.asset for one in sale.payments if one.means == "pass" and one.asset] if sale else []
