"""The journal's rules at work in this process: a server's, or that of a command while no server runs."""

from kit.app import App
from kit.seal import Seal
from sales.journal.shapes import Key
from sales.store.decider import KIND, JournalDecider
from wallet.deciding import let_ledger_decide

PURPOSE = "sales.journal"
"""The key of the chain is made from the node's secret for this purpose: it stands in no database."""


def journal_key(seal: Seal) -> Key:
    """The key of the chain."""
    return Key(seal.key(PURPOSE))


def let_journal_decide(app: App) -> None:
    """Register the hot kind of sales, once, beside that of the ledger."""
    let_ledger_decide(app)
    if KIND not in app.db.deciders:
        app.db.register_kind(KIND, JournalDecider(journal_key(app.seal), app.settings.node.url))
