"""Keys of nodes in this process, made quickly: RSA keys are drawn once per worker and handed out again.

The nodes of one test never share a key. Every key file has the same salt: a secret is stretched once;
other processes read these files, and this one reads theirs. `federation/test_keys.py` makes keys as nodes do.
"""

import secrets
from functools import cache
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import load_der_private_key

from federation import key_file, keys


@pytest.fixture(autouse=True)
def quick_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next node of this test takes the next key; key files open at once."""
    turn = count()
    monkeypatch.setattr(keys, "generate_private_key", lambda *_: _made(next(turn)))
    monkeypatch.setattr(keys, "load_der_private_key", lambda raw, password: _checked(raw))
    monkeypatch.setattr(key_file, "_derive", _stretched)
    monkeypatch.setattr(key_file, "secrets", SimpleNamespace(token_bytes=_drawn, token_hex=secrets.token_hex))


_stretched = cache(key_file._derive)


def _drawn(size: int) -> bytes:
    return bytes(size) if size == key_file._SALT else secrets.token_bytes(size)


@cache
def _made(number: int) -> RSAPrivateKey:
    return generate_private_key(65537, 2048)


@cache
def _checked(raw: bytes) -> Any:
    return load_der_private_key(raw, password=None)
