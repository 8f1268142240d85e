"""Tills of one node that pay without end, and remember what they were told."""

import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx2

from kit.ids import new_id
from tests.village.faults.nodes import ShelteredNode

SPENDS = "/api/v1/village-spends"
ANSWERS_WITHIN = 15.0
WAITING = "waiting"


@dataclass
class Sale:
    """One sale of a till. `told`: `ok`, `failed`, `refused` (an error, and never asked again), or nothing."""

    key: str
    uid: str
    amount: int
    told: str = ""
    why: str = ""
    first_why: str = ""
    payment: str = ""
    contradictions: list[str] = field(default_factory=list)
    asked: int = 0
    answers: list[str] = field(default_factory=list)

    @property
    def body(self) -> dict[str, Any]:
        return {
            "tap": {"uid": self.uid},
            "lines": [{"label": "Limonade", "amount": self.amount}],
            "point": "Bar",
        }


class Till(threading.Thread):
    """One cashier: a new sale as soon as the last one is answered; the same key until it is."""

    def __init__(self, node: ShelteredNode, uids: Sequence[str], seed: int) -> None:
        super().__init__(daemon=True)
        self.node, self.uids = node, uids
        self.chance = random.Random(seed)  # noqa: S311 - no secret here
        self.done = threading.Event()
        self.prices: Sequence[int] = (20, 150, 400)
        self.sales: list[Sale] = []
        self.refused: list[str] = []

    def run(self) -> None:
        with httpx2.Client(trust_env=False, timeout=ANSWERS_WITHIN) as client:
            while not self.done.is_set():
                sale = Sale(str(new_id()), self.chance.choice(self.uids), self.chance.choice(self.prices))
                self.sales.append(sale)
                self.insist(client, sale, self.chance.choice((0, 9_999, 9_999, 9_999)))
                if sale.told != "refused" and self.chance.random() < 0.1:
                    self.insist(client, sale, 0)
                self.done.wait(self.chance.uniform(0, 0.1))

    def insist(self, client: httpx2.Client, sale: Sale, patience: int) -> None:
        """Ask until the node says yes or no, or patience ends."""
        for _ in range(patience + 1):
            told = self.ask(client, sale)
            if told in {"ok", "failed", "refused"}:
                if sale.told and told != sale.told:
                    sale.contradictions.append(f"{sale.told} ({sale.first_why}), then {told} ({sale.why})")
                if not sale.told:
                    sale.told, sale.first_why = told, sale.why
                return
            time.sleep(0.1)

    def ask(self, client: httpx2.Client, sale: Sale) -> str:
        """What the till is told now; nothing when nobody answers."""
        sale.asked += 1
        headers = {
            "authorization": f"Bearer {self.node.secrets['api_token']}",
            "idempotency-key": sale.key,
        }
        try:
            answer = client.post(self.node.direct + SPENDS, json=sale.body, headers=headers)
        except httpx2.HTTPError:
            return ""
        return self.read(sale, answer)

    def read(self, sale: Sale, answer: httpx2.Response) -> str:
        said = answer.json()
        sale.answers.append(f"{answer.status_code} {answer.text}")
        if answer.status_code < 400:
            sale.payment, sale.why = said["id"], said.get("why", "")
            return str(said["state"])
        sale.why = str(said.get("title", answer.status_code))
        if answer.status_code in {429, 503}:
            return ""
        if answer.status_code >= 500:
            self.refused.append(f"{answer.status_code} {answer.text[:300]}")
        return "refused"
