"""What the story's money steps ask of a node: payments that may be refused, balances, cards."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx2
import msgspec

from config.settings import load_settings
from kit.seal import Seal
from node.demo.asking import send
from node.demo.steps import ask
from node.demo.village import DemoNode, DemoTrouble
from wallet.cards.sun import BLOCK, CardKeys
from wallet.keyring import MASTER, META

ROOT = Path(__file__).resolve().parents[2]
MONEY = "/api/v1"


def answer_of(node: DemoNode, path: str, body: Mapping[str, Any], key: str) -> httpx2.Response:
    """What the money API answers, whatever it is. `key`: the Idempotency-Key."""
    headers = {"authorization": f"Bearer {node.secrets['api_token']}", "idempotency-key": key}
    return send("POST", node.url + MONEY + path, json=body, headers=headers)


def done(node: DemoNode, path: str, body: Mapping[str, Any], key: str) -> Any:
    """The transfer that was written. Raises DemoTrouble on a refusal."""
    answer = answer_of(node, path, body, key)
    if answer.status_code != 201:
        raise DemoTrouble(f"{node.name}: {path} answered {answer.status_code} {answer.text[:300]}")
    return answer.json()


def refused(node: DemoNode, path: str, body: Mapping[str, Any], key: str, name: str) -> None:
    """Raises DemoTrouble unless the node says no, and by this name."""
    answer = answer_of(node, path, body, key)
    said = str(answer.json().get("type", "")) if answer.status_code >= 400 else "nothing wrong"
    if not said.endswith(name):
        raise DemoTrouble(f"{node.name}: {path} should be refused as {name}, and says {said}")


def currencies(node: DemoNode) -> dict[str, str]:
    """The ids of the node's currencies, by short name."""
    return {one["code"]: one["id"] for one in ask(node, "GET", f"{MONEY}/assets")["items"]}


def scales(node: DemoNode) -> dict[str, int]:
    """How many decimals the amounts of each currency have, by short name."""
    return {one["code"]: one["scale"] for one in ask(node, "GET", f"{MONEY}/assets")["items"]}


def card_of(node: DemoNode, text: str) -> Any:
    """What a card is and may pay, found by anything that is printed on it or read from it."""
    return ask(node, "POST", f"{MONEY}/cards/lookups", {"text": text})


def holds(node: DemoNode, wallet: str) -> dict[str, int]:
    """What a wallet holds, in minor units by the currency's short name."""
    names = {key: code for code, key in currencies(node).items()}
    held: dict[str, int] = {}
    for one in ask(node, "GET", f"{MONEY}/wallets/{wallet}")["balances"]:
        code = names[one["asset"]]
        held[code] = held.get(code, 0) + one["amount"]
    return held


def expect(what: str, seen: object, wanted: object) -> None:
    """Raises DemoTrouble when they differ."""
    if seen != wanted:
        raise DemoTrouble(f"{what}: {seen!r} instead of {wanted!r}")


def keys_of_cards(node: DemoNode) -> CardKeys:
    """The secrets of this node's chips, as the person who prepares them has them."""
    seal = Seal(load_settings(node.config).secret_key)
    return CardKeys(seal.key(META)[:BLOCK], seal.key(MASTER)[:BLOCK])


def verify(node: DemoNode) -> dict[str, Any]:
    """`hameau verify --json`, as the operator runs it. Raises DemoTrouble unless everything holds."""
    asked: Sequence[str] = ("verify", "--config", str(node.config), "--json")
    run = subprocess.run(
        [sys.executable, "-m", "node", *asked], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if run.returncode:
        raise DemoTrouble(f"{node.name}: hameau verify answered {run.returncode}: {run.stdout}{run.stderr}")
    found: dict[str, Any] = msgspec.json.decode(run.stdout)
    return found
