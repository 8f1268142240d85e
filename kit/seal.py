"""Small sealed texts: readable by anyone, made only by this node (HMAC-SHA-256, RFC 2104)."""

import base64
import hashlib
import hmac


class Seal:
    """Closes and opens texts under one secret; a purpose keeps uses apart."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def close(self, purpose: str, text: str) -> str:
        """`text` with its seal, safe in a cookie or an address."""
        packed = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
        return f"{packed}.{self._mark(purpose, packed)}"

    def open(self, purpose: str, sealed: str) -> str | None:
        """The text, or None when it was not closed here for this purpose."""
        packed, _, mark = sealed.rpartition(".")
        if not hmac.compare_digest(mark.encode(), self._mark(purpose, packed).encode()):
            return None
        return base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).decode()

    def key(self, purpose: str) -> bytes:
        """32 bytes derived from the secret for one purpose."""
        return hmac.digest(self._secret, f"key:{purpose}".encode(), hashlib.sha256)

    def _mark(self, purpose: str, packed: str) -> str:
        return hmac.digest(self._secret, f"{purpose}:{packed}".encode(), hashlib.sha256).hex()
