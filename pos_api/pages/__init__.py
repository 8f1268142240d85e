"""The back office of tills, and the pages that serve the till's screens."""
