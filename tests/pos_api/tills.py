"""Tills for tests: paired through the real door, held by an operator, with a small catalogue behind them."""

import base64
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from httpx2 import Response
from starlette.testclient import TestClient

from kit.app import App
from kit.auth import Principal
from pos_api import flows, proofs
from pos_api.models.operator import CASHIER, MANAGER
from pos_api.service import operators
from pos_api.service.operators import OperatorValues, Pin

OFFICE = Principal(name="tests")
ROOT = "/api/pos/v1"
PINS = {"E1": ("1111", CASHIER), "E3": ("3333", MANAGER)}


@dataclass
class TestTill:
    """A paired till: `call` speaks as the device and whoever holds it."""

    __test__ = False

    client: TestClient
    token: str
    device: dict[str, Any]
    key: ec.EllipticCurvePrivateKey
    operator: str = ""
    count: int = 0

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Response:
        """One request of this till."""
        sent = {"authorization": f"Bearer {self.token}", **_dashed(headers)}
        if self.operator:
            sent["hameau-operator"] = self.operator
        content = b"" if body is None else msgspec.json.encode(body)
        if content:
            sent["content-type"] = "application/json"
        return self.client.request(method, ROOT + path, content=content, headers=sent)

    def post(self, path: str, body: Any, **headers: str) -> Response:
        return self.call("POST", path, body, **headers)

    def hold(self, pin: str) -> Response:
        """An operator takes the till."""
        answer = self.post("/operators/identify", {"pin": pin})
        if answer.status_code == 200:
            self.operator = answer.json()["token"]
        return answer

    def signed(self, path: str, body: Any) -> Response:
        """What was done without a line, as it is sent later."""
        content = msgspec.json.encode(body)
        return self.post(path, body, hameau_signature=sign(self.key, content))


def make_operators(app: App) -> None:
    """Two operators: E1 sells, E3 may do everything."""
    for code, (pin, rights) in PINS.items():
        ready = Pin(proofs.pin_mark(app.seal, pin), _hashed(pin))
        said = OperatorValues(code, f"Équipe {code[1:]}", frozenset(rights), pin=ready)
        app.db.write(partial(operators.create, by=OFFICE, said=said))


@cache
def _hashed(pin: str) -> str:
    """Slow on purpose, so once for all tests."""
    return proofs.pin_hash(pin)


def pair(app: App, client: TestClient, name: str = "Tablette 1", points: Collection[UUID] = ()) -> TestTill:
    """A till paired with a fresh code."""
    code = flows.make_code(app, OFFICE, name, points).code
    key = ec.generate_private_key(ec.SECP256R1())
    answer = client.post(f"{ROOT}/pairings", json={"code": code, "public_key": jwk(key)})
    assert answer.status_code == 201, answer.text
    told = answer.json()
    return TestTill(client, told["token"], told["device"], key)


def jwk(key: ec.EllipticCurvePrivateKey) -> dict[str, str]:
    """The public key as a browser exports it."""
    numbers = key.public_key().public_numbers()
    return {"kty": "EC", "crv": "P-256", "x": _b64(numbers.x.to_bytes(32)), "y": _b64(numbers.y.to_bytes(32))}


def sign(key: ec.EllipticCurvePrivateKey, content: bytes) -> str:
    """As Web Crypto signs: raw r||s, base64url."""
    r, s = decode_dss_signature(key.sign(content, ec.ECDSA(SHA256())))
    return _b64(r.to_bytes(32) + s.to_bytes(32))


def named(answer: Response) -> str:
    """The name of a refusal."""
    return str(answer.json()["type"]).rpartition("/")[2]


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _dashed(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
