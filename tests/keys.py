"""Keys of nodes in this process, made quickly: RSA keys are drawn once per worker and handed out again.

The nodes of one test never share a key. Real processes make real keys; `federation/test_keys.py` does too.
"""

from functools import cache
from itertools import count
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import load_der_private_key

from federation import key_file, keys


@pytest.fixture(autouse=True)
def quick_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next node of this test takes the next key; key files open at the least cost."""
    turn = count()
    monkeypatch.setattr(keys, "generate_private_key", lambda *_: _made(next(turn)))
    monkeypatch.setattr(keys, "load_der_private_key", lambda raw, password: _checked(raw))
    monkeypatch.setattr(key_file, "_COST", 2)


@cache
def _made(number: int) -> RSAPrivateKey:
    return generate_private_key(65537, 2048)


@cache
def _checked(raw: bytes) -> Any:
    return load_der_private_key(raw, password=None)
