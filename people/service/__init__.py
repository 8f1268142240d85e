"""Verbs about persons, each inside one transaction: sign in, roles, sessions, tokens, archive, erase."""
