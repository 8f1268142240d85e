"""One small file of secrets: AES-256-GCM under a key that Scrypt (RFC 7914) derives from a secret setting."""

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

_MAGIC: Final = b"hameau-keys-1\n"
_SALT, _NONCE = 16, 12
_COST: Final = 2**14
"""Scrypt's n: 16 MiB and a twentieth of a second, once per start; the secret itself has 256 bits."""


class KeyFileError(Exception):
    """The key file cannot be opened: wrong secret, or damaged. Never says what is inside."""


def create(path: Path, secret: str, plain: Mapping[str, Any]) -> None:
    """Encrypt `plain` into `path`, mode 0600, flushed to the disk; does nothing if it exists already."""
    beside = _written_beside(path, _sealed(secret, plain))
    try:
        os.link(beside, path)
    except FileExistsError:
        pass
    except OSError:
        beside.replace(path)  # a file system without hard links
    beside.unlink(missing_ok=True)
    _flush_folder(path.parent)


def replace(path: Path, secret: str, plain: Mapping[str, Any]) -> None:
    """The same, over what was there: a crash leaves the old file or the new one, whole."""
    _written_beside(path, _sealed(secret, plain)).replace(path)
    _flush_folder(path.parent)


def read(path: Path, secret: str) -> dict[str, Any]:
    """What `create` or `replace` put there. Raises KeyFileError. Tightens a mode that others could read."""
    raw = path.read_bytes()
    path.chmod(0o600)
    if not raw.startswith(_MAGIC):
        raise KeyFileError(f"{path.name} is not a key file")
    body = raw[len(_MAGIC) :]
    salt, nonce, sealed = body[:_SALT], body[_SALT : _SALT + _NONCE], body[_SALT + _NONCE :]
    try:
        opened = AESGCM(_derive(secret, salt)).decrypt(nonce, sealed, _MAGIC)
    except (InvalidTag, ValueError) as error:
        raise KeyFileError(f"secret_key does not open {path.name}, or the file is damaged") from error
    plain: dict[str, Any] = json.loads(opened)
    return plain


def _derive(secret: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=_COST, r=8, p=1).derive(secret.encode())


def _sealed(secret: str, plain: Mapping[str, Any]) -> bytes:
    salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
    closed = AESGCM(_derive(secret, salt)).encrypt(nonce, json.dumps(plain).encode(), _MAGIC)
    return _MAGIC + salt + nonce + closed


def _written_beside(path: Path, raw: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    return beside


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
