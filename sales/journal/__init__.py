"""The rules of the sealed journal: sales, VAT, chain, closings. Pure: no database, web, clock or other room but the ledger."""
