"""The back office of what is sold."""
