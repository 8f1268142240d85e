"""The verbs of money, each inside one transaction: currencies, wallets, cards, and posting to the ledger."""
