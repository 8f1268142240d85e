"""An auditor with a notebook, who knows what requests promise and is kept away from the rules.

He says beforehand what must come of each one: the words with one of which it must be declined, or every step.
"""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from wallet.ledger.requests import Holder
from wallet.ledger.shapes import MOST, Asset, Place

Spot = tuple[UUID, str, str, str]  # currency, kind of account, owner, lot
Step = tuple[str, Spot, Spot, int]  # transfer, hold or free; of whom; for whom; how much
NOBODY = (UUID(int=0), "wallet", "", "")
SPENT, MENDED = {"spend", "capture"}, {"top_up", "gift", "cash_out", "opening", "spend", "capture"}
DONE = {"Capture": "captured", "Release": "released"}


class Forecast(NamedTuple):
    kind: str = ""
    verdict: str = ""
    whys: frozenset[str] = frozenset()
    missing: int = 0
    steps: tuple[Step, ...] = ()
    refers: UUID | None = None
    at: datetime | None = None


class Auditor:
    def __init__(self) -> None:
        self.assets, self.cards, self.wallets = dict[UUID, Asset](), dict[UUID | None, Any](), set[UUID]()
        self.has, self.aside, self.ends = Counter[Spot](), Counter[Spot](), dict[Spot, datetime | None]()
        self.journal = dict[UUID, Forecast]()

    def audit(self, it: Any, now: datetime) -> Forecast:
        """What must come of a request whose id is new; it is noted as done."""
        no, missing, before = set[str](), 0, (self.has.copy(), self.aside.copy(), self.ends.copy())
        rule = getattr(self, f"_{type(it).__name__.lower()}")
        steps = tuple(step for step in rule(it, now, no) if step[3])
        for step in () if no else steps:
            missing = missing or self._do(*step)
            self.ends.setdefault(step[2], getattr(it, "expires_at", self.ends.get(step[1])))
        verdict = "held" if getattr(it, "until", None) else DONE.get(type(it).__name__, "posted")
        if no or missing:
            (self.has, self.aside, self.ends), steps, verdict = before, (), "declined"
        for holder in [getattr(it, "to", None), getattr(it, "of", None), *getattr(it, "payers", ())]:
            if steps and holder and holder.counter is not None:
                self.cards[holder.card].seen = holder.counter
        whys, refers = frozenset(no or {"insufficient"} if missing else no), getattr(it, "refers", None)
        return self.journal.setdefault(it.id, Forecast(it.kind, verdict, whys, missing, steps, refers, now))

    def _do(self, op: str, giver: Spot, taker: Spot, amount: int) -> int:
        """Returns what the giver lacks."""
        lacks = 0 if op == "free" or giver[1] in ("issuance", "opening") else amount - self._free(giver)
        self.has.update({giver: -amount, taker: amount} if op == "transfer" else {})
        self.aside[giver] += {"hold": amount, "free": -amount}.get(op, 0)
        return max(lacks, 0)

    def _load(self, it: Any, now: datetime, no: set[str]) -> list[Step]:
        nature, spot = self._nature(it, no), (it.asset, "wallet", self._who(it.to, no), it.lot)
        has = sum(amount for at, amount in self.has.items() if at[:3] == spot[:3])
        _say(no, wrong_nature=(it.kind == "gift") != (nature == "gift"))
        _say(no, lot_expired=_is_over(self.ends.get(spot, it.expires_at), now))
        _say(no, over_cap=it.amount > (it.limit or MOST) or has + it.amount > (it.most or MOST))
        return [("transfer", (it.asset, "issuance", "main", ""), spot, it.amount)]

    def _unload(self, it: Any, now: datetime, no: set[str]) -> list[Step]:
        nature, spot = self._nature(it, no), (it.asset, "wallet", self._who(it.of, no, pays=True), "")
        outs = [
            one for one in self.journal.values() if one.kind == it.kind and it.since and one.at >= it.since
        ]
        left = sum(step[3] for one in outs for step in one.steps if step[1] == spot) + it.amount
        is_over = it.since and left > (it.most or MOST) and self._free(spot) >= it.amount
        _say(no, wrong_nature=nature != "money", over_cap=it.amount > (it.limit or MOST) or is_over)
        return [("transfer", spot, (it.asset, "issuance", "main", ""), it.amount)]

    def _spend(self, it: Any, now: datetime, no: set[str]) -> list[Step]:
        who, rest = [self._who(one, no, pays=True) for one in it.payers], sum(one.amount for one in it.lines)
        own = list(it.amounts) or [rest] * len(who)
        is_odd = it.amounts and (len(own) != len(who) or sum(own) != rest or min(own) < 1)
        _say(no, bad_amount=is_odd or any(one.amount < 0 for one in it.lines) or not 0 < rest <= MOST)
        _say(no, same_wallet=len(set(who)) != len(who) or len(who) not in (1, 2))
        _say(no, asset_unknown=it.unit is not None and it.unit not in self.assets)
        _say(no, bad_until=it.until is not None and not now < it.until <= now + timedelta(days=30))
        op, steps = "hold" if it.until else "transfer", list[Step]()
        for at, spot in [
            (at, spot) for at, one in enumerate(who) if not no for spot in self._purse(it, one, now)
        ]:
            steps.append((op, spot, (spot[0], "sales", "main", ""), min(self._free(spot), rest, own[at])))
            rest, own[at] = rest - steps[-1][3], own[at] - steps[-1][3]
        return [*steps, (op, NOBODY, NOBODY, rest)]

    def _purse(self, it: Any, wallet: str, now: datetime) -> list[Spot]:
        """What of a wallet pays, in turn: vouchers, local, other, network; the lot that ends first."""
        turns = []
        for spot in [spot for spot in self.has if spot[1:3] == ("wallet", wallet) and self._free(spot) > 0]:
            of, end = self.assets[spot[0]], self.ends.get(spot)
            in_euro = of.nature in ("gift", "money") and of.at_par and of.scale == 2
            if (of.id == it.unit if it.unit else in_euro) and not _is_over(end, now):
                rank = 0 if of.nature == "gift" else 3 if of.reach == "network" else 1
                turns.append((rank, of.code, not end, end and end.isoformat(), spot[3], spot))
        return [turn[-1] for turn in sorted(turns) if it.accepts is None or turn[-1][0] in it.accepts]

    def _capture(self, it: Any, now: datetime, no: set[str]) -> list[Step]:
        done, steps = self._referred(it, no, "not_held", {"held"}, {"spend"}), list[Step]()
        most, wanted = sum(step[3] for step in done.steps), getattr(it, "amount", 0)
        rest = most if wanted is None else wanted
        is_odd = hasattr(it, "amount") and rest <= 0
        _say(no, bad_amount=is_odd, over_hold=rest > most, already_closed=self._after(it))
        for _, giver, taker, amount in done.steps:
            steps += [("free", giver, taker, amount), ("transfer", giver, taker, min(amount, rest))]
            rest -= steps[-1][3]
        return steps

    _release = _capture

    def _refund(self, it: Any, now: datetime, no: set[str]) -> list[Step]:
        """What was paid goes back, the last balance first: a part or the rest; corrected, all or nothing."""
        mends, after, steps = not hasattr(it, "amount"), self._after(it), list[Step]()
        why, kinds = ("not_reversible", MENDED) if mends else ("not_refundable", SPENT)
        done = self._referred(it, no, why, {"posted", "captured"}, kinds)
        for _, giver, taker, amount in reversed([step for step in done.steps if step[0] == "transfer"]):
            back = sum(step[3] for one in after for step in one.steps if step[2] == giver)
            steps.append(("transfer", taker, giver, amount - back))
        most = sum(step[3] for step in steps)
        rest = most if mends or it.amount is None else it.amount
        _say(no, over_charge=rest > most, already_reversed=mends and after)
        _say(no, bad_amount=rest <= 0 and not mends, nothing_left=not mends and not most)
        for at, (op, taker, giver, amount) in enumerate(steps):
            steps[at] = (op, taker, giver, min(amount, rest))
            rest -= steps[at][3]
        return steps

    _reverse = _refund

    def _merge(self, it: Any, now: datetime, no: set[str]) -> list[Step]:
        spots = [spot for spot in self.has if spot[1:3] == ("wallet", str(it.source))]
        _say(no, same_wallet=it.source == it.target, wallet_held=any(self.aside[spot] for spot in spots))
        _say(no, wallet_unknown=not {it.source, it.target} <= self.wallets)
        return [("transfer", s, (s[0], s[1], str(it.target), s[3]), self.has[s]) for s in spots]

    def _opening(self, it: Any, now: datetime, no: set[str]) -> list[Step]:
        self._nature(it, no)
        _say(no, wallet_unknown=not {one for one, _ in it.balances} <= self.wallets)
        _say(no, bad_amount=any(not 0 < amount <= MOST for _, amount in it.balances))
        source = (it.asset, "opening", it.name, "")
        return [("transfer", source, (it.asset, "wallet", str(one), ""), n) for one, n in it.balances]

    def _sweep(self, it: Any, now: datetime, no: set[str]) -> list[Step]:
        spot = {Place(*spot).account_id: spot for spot in self.has}.get(it.account, NOBODY)
        _say(no, account_unknown=spot == NOBODY, not_expired=not _is_over(self.ends.get(spot), now))
        _say(no, nothing_left=not self._free(spot))
        return [("transfer", spot, (spot[0], "expired", "main", ""), self._free(spot))]

    def _free(self, spot: Spot) -> int:
        return self.has[spot] - self.aside[spot]

    def _nature(self, it: Any, no: set[str]) -> str:
        asset = self.assets.get(it.asset)
        _say(no, asset_unknown=not asset, not_ours=asset and not asset.is_ours)
        _say(no, asset_archived=asset and asset.archived and not hasattr(it, "of"))
        _say(no, bad_amount=hasattr(it, "amount") and not 0 < it.amount <= MOST)
        return asset.nature if asset else ""

    def _who(self, holder: Holder, no: set[str], pays: bool = False) -> str:
        card, proof = self.cards.get(holder.card), holder.counter
        if card is None:
            _say(no, card_unknown=holder.card, wallet_unknown=not pays and holder.wallet not in self.wallets)
            return str(holder.wallet)
        no |= {f"card_{card.state}"} - {"card_active"}
        _say(no, card_unproved=pays and card.proves and proof is None)
        _say(no, card_replayed=proof is not None and proof <= card.seen)
        return str(card.wallet)

    def _referred(self, it: Any, no: set[str], why: str, verdicts: set[str], kinds: set[str]) -> Forecast:
        done = self.journal.get(it.refers, Forecast())
        fits = done.verdict in verdicts and done.kind in kinds
        _say(no, **{why: done.kind and not fits}, no_such_transaction=not done.kind)
        return done if fits else Forecast()

    def _after(self, it: Any) -> list[Forecast]:
        return [one for one in self.journal.values() if one.refers == it.refers and one.verdict != "declined"]


def _is_over(end: datetime | None, now: datetime) -> bool:
    return end is not None and end <= now


def _say(no: set[str], **broken: Any) -> None:
    no |= {why for why, is_so in broken.items() if is_so}
