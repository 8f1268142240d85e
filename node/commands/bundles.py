"""`hameau verify --bundle`: proofs between nodes, for anybody with the file alone."""

import json
from collections.abc import Sequence
from pathlib import Path

import typer
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from federation.multikey import decode_key
from wallet.between.bundle import Report
from wallet.between.envelope import Verify
from wallet.verify.bundle_gaps import Gaps, examined


def show_bundles(files: Sequence[Path], *, as_json: bool) -> None:
    """Say what these files prove, and what they lack.

    Raises Exit (1) when something is broken or not proved, or somebody is caught.
    """
    report, gaps = examined([_read(file).removesuffix(b"\n") for file in files], verifier_of)
    typer.echo(json.dumps(_as_data(report, gaps)) if as_json else _in_words(report, gaps))
    if not report.is_fine or gaps.unproved:
        raise typer.Exit(1)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        typer.echo(f"I cannot read {file}: {error.strerror}.", err=True)
        raise typer.Exit(1) from None


def verifier_of(text: str) -> Verify:
    """What checks signatures by the key that `text` (multibase) is. Raises ValueError."""
    key = decode_key(text)
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("not an Ed25519 key")

    def verify(_kid: str, signed: bytes, sig: bytes) -> bool:
        try:
            key.verify(sig, signed)
        except InvalidSignature:
            return False
        return True

    return verify


def _as_data(report: Report, gaps: Gaps) -> dict[str, object]:
    return {
        "ok": report.is_fine and not gaps.unproved,
        "proved": report.proved,
        "not_proved": gaps.unproved,
        "not_held": gaps.absent,
        "first_broken": report.broken or None,
        "cheated": report.cheated,
    }


def _in_words(report: Report, gaps: Gaps) -> str:
    lines = [*report.proved, *(f"Not held: {one}" for one in gaps.absent)]
    lines += [f"NOT PROVED: {one}" for one in gaps.unproved]
    if report.broken:
        lines.append(f"First broken: {report.broken}")
    lines += [f"PROVEN CHEATING: {one}" for one in report.cheated]
    if report.is_fine and not gaps.unproved:
        rest = "What is held is in order" if gaps.absent else "Everything in this file is in order"
        lines.append(f"{rest}; what came later cannot be seen here.")
        lines.append("I compare the keys with those that the nodes publish.")
    return "\n".join(lines)
