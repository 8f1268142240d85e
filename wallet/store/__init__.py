"""The ledger in a database: where books come from, and how decisions become rows."""
