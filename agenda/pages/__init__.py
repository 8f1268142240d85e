"""The HTML pages of the agenda: the public site and the back office."""
