"""The auditor between nodes: says beforehand what an issuer may answer, from what was said alone.

It was written without the rules and imports none of them: it reads the JSON of questions and answers as any
stranger would, and keeps its own small book of one wallet, its holds and what is owed.
"""

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any


@dataclass
class Charge:
    """What became of one charge: posted, held, captured, or undone; `left` is what can still be refunded."""

    amount: int
    state: str
    left: int = 0


@dataclass
class Auditor:
    """`free` is what the one wallet can still pay, `owed` what the issuer owes the acceptor."""

    free: int
    most: int
    owed: int = 0
    seq: int = 0
    prev: str = "0" * 64
    charges: dict[str, Charge] = field(default_factory=dict)
    forbidden: set[str] = field(default_factory=set)
    answered: dict[tuple[str, str], tuple[bytes, bytes]] = field(default_factory=dict)
    moved: dict[str, int] = field(default_factory=dict)

    def look(self, question: bytes, answer: bytes, now: int) -> None:
        """Raises AssertionError when the issuer may not have answered that."""
        asked, said = json.loads(question), json.loads(answer)
        key = (asked["t"], asked["id"])
        assert (said["t"], said["id"], said["verb"]) == ("receipt", asked["id"], asked["t"])
        assert said["req"] == sha256(question).hexdigest()
        known = self.answered.get(key)
        if known is not None:
            if known[0] == question:
                assert answer == known[1], "the same question was answered otherwise"
            else:
                assert (said["outcome"], "line" in said) == ("conflict", False)
            return
        self.answered[key] = (question, answer)
        expected = getattr(self, f"_{asked['t']}")(asked, now)
        assert (said["outcome"], self._delta(asked, said)) == expected, (asked, said, expected)

    def _charge(self, asked: Any, now: int) -> tuple[str, int]:
        amount, key = asked["amount"], asked["id"]
        if asked["exp"] < now or asked["epoch"] != 1 or asked["handle"] != "h" or amount > self.most:
            return "declined", 0
        if key in self.forbidden:
            return "cancelled", 0
        if amount > self.free:
            return "declined", 0
        self.free -= amount
        if asked.get("mode") == "hold":
            self.charges[key] = Charge(amount, "held")
            return "held", 0
        self.charges[key] = Charge(amount, "posted", amount)
        return "posted", amount

    def _cancel(self, asked: Any, now: int) -> tuple[str, int]:
        charge = self.charges.get(asked["id"])
        if charge is None:
            self.forbidden.add(asked["id"])
            return "cancelled", 0
        if charge.state == "held":
            charge.state = "freed"
            self.free += charge.amount
            return "cancelled", 0
        if charge.state == "posted" and charge.left == charge.amount:
            charge.state, charge.left = "reversed", 0
            self.free += charge.amount
            return "reversed", -charge.amount
        return {"freed": "cancelled", "reversed": "reversed"}.get(charge.state, "posted"), 0

    _release = _cancel

    def _capture(self, asked: Any, now: int) -> tuple[str, int]:
        charge, amount = self.charges.get(asked["id"]), asked["amount"]
        if charge is None or charge.state != "held" or amount > charge.amount:
            return "declined", 0
        charge.state, charge.left = "captured", amount
        self.free += charge.amount - amount
        return "posted", amount

    def _refund(self, asked: Any, now: int) -> tuple[str, int]:
        charge, amount = self.charges.get(asked["charge"]), asked["amount"]
        if charge is None or charge.state not in {"posted", "captured"} or amount > charge.left:
            return "declined", 0
        charge.left -= amount
        self.free += amount
        return "posted", -amount

    def _delta(self, asked: Any, said: Any) -> int:
        """What its line moves; the line must be the next one of the chain."""
        line = said.get("line")
        if line is None:
            assert not said.get("amount") or said["outcome"] == "held"
            return 0
        self.seq, self.owed = self.seq + 1, self.owed + line["delta"]
        assert (line["seq"], line["prev"], line["balance"]) == (self.seq, self.prev, self.owed)
        assert (line["ref"], line["kind"], said["amount"]) == (asked["id"], asked["t"], abs(line["delta"]))
        raw = json.dumps(line, separators=(",", ":")).encode()
        self.prev = sha256(raw).hexdigest()
        self.moved[asked["id"]] = self.moved.get(asked["id"], 0) + line["delta"]
        return int(line["delta"])

    def paid(self, leg: str) -> int:
        """What the issuer has given for a charge in the end, refunds not counted."""
        return self.moved.get(leg, 0)
