"""Writes what this node says, with the fact that caused it: a row per activity, a row per inbox."""

from federation.outbox.sending import send

__all__ = ["send"]
