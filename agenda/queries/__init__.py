"""Reads of the agenda: each answers one screen or one feed, with a fixed number of statements."""
