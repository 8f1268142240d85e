"""What an activity says, whatever its wrapping: one hash for the same content."""

import hashlib
from typing import Any

from federation.jcs import canonical_again


def content_hash_of(activity: dict[str, Any]) -> str:
    """SHA-256 of the canonical content without proofs and older signatures: alike however it is re-sent."""
    bare = {name: value for name, value in activity.items() if name not in ("proof", "signature")}
    return hashlib.sha256(canonical_again(bare)).hexdigest()
