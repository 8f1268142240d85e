"""The JSON API of money: currencies (assets), wallets, transfers, cards, and every act on them."""
