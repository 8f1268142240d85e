"""Reads: who a cookie or a token belongs to, lists of persons, sessions and tokens, the audit log."""
