"""Serves a node whose tills wait ten minutes for a neighbour: a test ends the waiting, no clock."""

import wallet.flows_village
from node.serving import main

TEN_MINUTES = 600_000

if __name__ == "__main__":
    vars(wallet.flows_village).update(TILL=TEN_MINUTES, LOOK_UP_MS=TEN_MINUTES)
    main()
