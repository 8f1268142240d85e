"""The ledger's rules at work in this process: a server's, or that of a command while no server runs."""

from kit.app import App
from wallet.store.decider import KIND, LedgerDecider


def let_ledger_decide(app: App) -> None:
    """Register the ledger's hot kind, once."""
    if KIND not in app.db.deciders:
        app.db.register_kind(KIND, LedgerDecider(app.settings.node.url))
