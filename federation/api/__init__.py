"""The JSON API of the exchange: follows, peers, villages."""
