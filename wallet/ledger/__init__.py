"""The rules of money, pure: what was asked and what is held go in, entries and answers come out.

Nothing here knows a database, a clock, a network or a page. `decide` is the way in; `book` is what it is
given to look at; `memory` keeps books without a database, `wallet.store` keeps them in one.
"""
