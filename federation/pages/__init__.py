"""The doors other nodes knock at: the inbox, the actor, its collections, and how it is found."""
