"""Verbs inside one transaction."""
