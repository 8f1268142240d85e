"""Tables of the exchange: who is known, what came in, what goes out, who follows, how origins behave."""
