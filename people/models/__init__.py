"""Tables of persons, their roles, sessions, sign-in attempts and tokens, and the audit log."""
