"""Money: currencies, wallets, Pass cards, and a ledger whose transfers always balance and never change."""
