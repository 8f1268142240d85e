"""The ledger's rules at work in this process: a server's, or that of a command while no server runs."""

from kit.app import App
from wallet.store.decider import KIND, LedgerDecider
from wallet.village_store import decider as village


def let_ledger_decide(app: App) -> None:
    """Register the hot kinds of money, once: this node's own, and between nodes."""
    if KIND not in app.db.deciders:
        app.db.register_kind(KIND, LedgerDecider(app.settings.node.url))
        app.db.register_kind(village.KIND, village.VillageDecider(app.settings.node.url))
