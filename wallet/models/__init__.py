"""The tables of money. The database itself refuses what must not be: see `guards` for its triggers."""
