"""The verbs of the agenda: each runs inside one transaction and refuses by name."""
