"""Reading money: balances, histories, what circulates."""
