"""What nodes say to each other about money, and what each does about it: pure, so that a simulation plays the
same rules as the node.

Nothing here knows a database, a clock, a network, a key or a page: who calls gives the present, the stored
state, and the functions that sign and verify. `strict` reads bytes, `envelope` says who wrote them to whom.
"""
