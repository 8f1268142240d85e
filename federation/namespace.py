"""Our own terms: one constant until the project owns a domain (protocol.md §1)."""

from typing import Final

VIL: Final = "https://hameau.example/ns/village/1#"
"""Prefix of every term of ours; written inline in each document, never fetched."""

PUBLIC: Final = "https://www.w3.org/ns/activitystreams#Public"
"""The address of everyone (ActivityPub §5.6)."""

PUBLIC_NAMES: Final = frozenset({PUBLIC, "as:Public", "Public"})
"""The three ways of writing it that are met in the wild."""
