"""Delivers what the outbox owes: at least once, in order; a live host never waits for a dead one."""
