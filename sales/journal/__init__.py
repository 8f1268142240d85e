"""The rules of the sealed journal: sales, VAT, chain, closings. Pure; the ledger's rules are all it knows."""
