"""What an inbox cannot do without: parse, digest, RSA check, canonical JSON, Ed25519 check, a durable row.

Published libraries only, none of our code: where ours gets slower, the reference must not follow.
"""

import base64
import hashlib
import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
GROUP = 224
"""Rows per commit: as many as there are clients."""


@dataclass(frozen=True)
class Signed:
    """One message with everything at hand that checking it needs."""

    body: bytes
    digest: str
    base: bytes
    signature: bytes
    rsa: RSAPublicKey
    ed25519: Ed25519PublicKey


def check(message: Signed) -> tuple[str, str, bytes]:
    """Both signatures; the row to keep. Raises InvalidSignature or ValueError."""
    if base64.b64encode(hashlib.sha256(message.body).digest()).decode() not in message.digest:
        raise ValueError("digest")
    message.rsa.verify(message.signature, message.base, PKCS1v15(), SHA256())
    document = json.loads(message.body)
    proof = document.pop("proof")
    value = decode_base58(proof.pop("proofValue")[1:])
    content = hashlib.sha256(rfc8785.dumps(document)).digest()
    message.ed25519.verify(value, hashlib.sha256(rfc8785.dumps(proof)).digest() + content)
    return document["id"], content.hex(), message.body


def decode_base58(text: str) -> bytes:
    """Bitcoin's base58 of 64 bytes."""
    number = 0
    for letter in text:
        number = number * 58 + ALPHABET.index(letter)
    return number.to_bytes(64, "big")


def check_and_keep(messages: Sequence[Signed], file: Path) -> None:
    """Check all, keep all in groups, flushed to the disk as SQLite does with `synchronous=FULL`."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS kept (id TEXT UNIQUE, hash TEXT, body BLOB) STRICT")
    for start in range(0, len(messages), GROUP):
        rows = [check(message) for message in messages[start : start + GROUP]]
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO kept VALUES (?, ?, ?)", rows)
        connection.execute("COMMIT")
    connection.close()
