"""HTTP Message Signatures (RFC 9421): the signature base, made and read; policy is in `verify`."""

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import http_sf

from federation.refusals import SeveralSignatures, UnparsableSignature
from federation.signatures.algorithms import SigningKey
from federation.signatures.components import value_of
from federation.signatures.digest import content_digest
from federation.signatures.message import Headers, Message

LABEL: Final = "sig1"

# Nearly every signature in the wild has this shape, already in canonical form; the general parser
# takes as long as checking an RSA signature, so it is for the others.
_USUAL: Final = re.compile(
    r"([a-z*][a-z0-9_.*-]*)="
    r'(\(((?:"[a-z0-9@_.-]+"(?: (?="))?)*)\)'
    r'((?:;[a-z]+=(?:[0-9]{1,15}|"[\x20\x21\x23-\x5b\x5d-\x7e]*"))*))'
)
_USUAL_PARAMETER: Final = re.compile(r';([a-z]+)=(?:([0-9]{1,15})|"([^"]*)")')
_USUAL_SIGNATURE: Final = re.compile(r"([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/]+={0,2}):")
_NUMBERS: Final = frozenset({"created", "expires"})
_TEXTS: Final = frozenset({"keyid", "alg", "nonce", "tag"})


@dataclass(frozen=True)
class Component:
    """A covered component: its name, its parameters, and both as they are written."""

    name: str
    parameters: Mapping[str, Any]
    text: str


@dataclass(frozen=True)
class SignatureInput:
    """One member of Signature-Input; `text` is its canonical form, signed as `@signature-params`."""

    label: str
    components: tuple[Component, ...]
    parameters: Mapping[str, Any]
    text: str


def sign(
    message: Message, key: SigningKey, created: datetime, covered: Sequence[str] | None = None
) -> Headers:
    """Headers to add to `message`: Content-Digest when there is a body, Signature-Input, Signature.

    Covers `@method`, `@target-uri` and the digest unless `covered` says otherwise.
    """
    added: Headers = (("Content-Digest", content_digest(message.body)),) if message.body else ()
    if covered is None:
        covered = ("@method", "@target-uri", *(("content-digest",) if added else ()))
    inputs = _composed(covered, key, created)
    signature = base64.b64encode(key.sign(base(message.with_headers(added), inputs))).decode()
    return (
        *added,
        ("Signature-Input", f"{inputs.label}={inputs.text}"),
        ("Signature", f"{inputs.label}=:{signature}:"),
    )


def base(message: Message, inputs: SignatureInput) -> bytes:
    """The exact bytes that are signed (§2.5). Raises UnparsableSignature."""
    lines = [
        f"{component.text}: {value_of(message, component.name, component.parameters)}"
        for component in inputs.components
    ]
    lines.append(f'"@signature-params": {inputs.text}')
    text = "\n".join(lines)
    if text.count("\n") != len(lines) - 1 or not text.isascii() or "\r" in text or "\0" in text:
        raise UnparsableSignature(cause="a covered value has a character that cannot be signed")
    return text.encode()


def read(message: Message) -> tuple[SignatureInput, bytes]:
    """The only signature of `message`: what it covers, and its bytes.

    Raises SeveralSignatures or UnparsableSignature.
    """
    inputs = read_input(_single(message, "signature-input"))
    label, signature = _read_signature(_single(message, "signature"))
    if label != inputs.label:
        raise UnparsableSignature(cause="Signature and Signature-Input have other labels")
    return inputs, signature


def read_input(value: str) -> SignatureInput:
    """One member of Signature-Input, read strictly. Raises SeveralSignatures or UnparsableSignature."""
    inputs = _read_usual(value) or _read_any(value)
    for name, given in inputs.parameters.items():
        if not _fits(name, given):
            raise UnparsableSignature(cause=f"signature parameter {name!r}")
    written = [(component.name, frozenset(component.parameters.items())) for component in inputs.components]
    if len(set(written)) != len(written):
        raise UnparsableSignature(cause="a component is covered twice")
    return inputs


def _composed(covered: Sequence[str], key: SigningKey, created: datetime) -> SignatureInput:
    components = " ".join(f'"{name}"' for name in covered)
    stamp = int(created.timestamp())
    text = f'({components});created={stamp};keyid="{key.id}";alg="{key.algorithm}"'
    return read_input(f"{LABEL}={text}")


def _single(message: Message, name: str) -> str:
    values = message.fields.get(name, [])
    if len(values) > 1:
        raise SeveralSignatures(cause=f"{name} appears {len(values)} times")
    if not values:
        raise UnparsableSignature(cause=f"{name} is absent")
    return values[0]


def _read_usual(value: str) -> SignatureInput | None:
    found = _USUAL.fullmatch(value)
    if found is None:
        return None
    given = _USUAL_PARAMETER.findall(found[4])
    parameters = {name: int(number) if number else text for name, number, text in given}
    if len(parameters) != len(given):
        return None
    components = tuple(Component(name[1:-1], {}, name) for name in found[3].split())
    return SignatureInput(found[1], components, parameters, found[2])


def _read_any(value: str) -> SignatureInput:
    """Any structured field (RFC 9651), written again in its canonical form."""
    label, (items, parameters) = _member(value)
    if not isinstance(items, list):
        raise UnparsableSignature(cause="Signature-Input is not a list")
    components = tuple(_component(item) for item in items)
    text = "(" + " ".join(component.text for component in components) + ")" + _written(parameters)
    return SignatureInput(label, components, parameters, text)


def _component(item: Any) -> Component:
    name, parameters = item
    if type(name) is not str or name != name.lower() or name == "@signature-params":
        raise UnparsableSignature(cause="component name")
    return Component(name, parameters, http_sf.ser(name) + _written(parameters))


def _written(parameters: Mapping[str, Any]) -> str:
    """Parameters in canonical form: those of an item, without the item (`?1` is the shortest one)."""
    return http_sf.ser((True, dict(parameters))).removeprefix("?1")


def _member(value: str) -> tuple[str, Any]:
    """The one member of a dictionary field. Raises SeveralSignatures or UnparsableSignature."""

    def refuse(name: str, kind: str) -> None:
        refused = SeveralSignatures if kind == "dictionary" else UnparsableSignature
        raise refused(cause=f"{name!r} appears twice")

    try:
        members: Any = http_sf.parse(value.encode("ascii"), tltype="dictionary", on_duplicate_key=refuse)
    except (ValueError, UnicodeEncodeError, IndexError) as error:
        raise UnparsableSignature(cause="not a structured field") from error
    if len(members) != 1:
        refused = SeveralSignatures if members else UnparsableSignature
        raise refused(cause=f"{len(members)} signatures")
    label, member = next(iter(members.items()))
    return label, member


def _read_signature(value: str) -> tuple[str, bytes]:
    found = _USUAL_SIGNATURE.fullmatch(value)
    if found is not None and len(found[2]) % 4 == 0:
        return found[1], base64.b64decode(found[2])
    label, (signature, _parameters) = _member(value)
    if not isinstance(signature, bytes):
        raise UnparsableSignature(cause="Signature is not bytes")
    return label, signature


def _fits(name: str, value: Any) -> bool:
    """§2.3: known parameters have their type; unknown ones are refused, for they may change the meaning."""
    if name in _NUMBERS:
        return type(value) is int
    return name in _TEXTS and type(value) is str
