"""The tables of the agenda: events, places, tags, and the nodes they come from."""
