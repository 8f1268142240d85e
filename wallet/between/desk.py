"""A desk: the part of a node's money with other nodes that some events are about, laid open for the rules.

`open_desk` asks a `Drawers` (a database, or memory) for it in a few questions, however many events there are.
Rules change the desk through its verbs; each change is also noted in `changes`, which is what must be kept.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Protocol
from uuid import UUID

from msgspec import structs

from wallet.between.shapes import (
    Agreement,
    Alarm,
    Checkpoint,
    Clearing,
    GrantKept,
    Handle,
    KeptAnswer,
    KeptLine,
    Mirror,
    Payment,
)
from wallet.ledger.book import Book, Shelf
from wallet.ledger.decide import Conflict, Written
from wallet.ledger.decide import decide as decide_ledger
from wallet.ledger.requests import AnyRequest
from wallet.ledger.shapes import Place, Transaction

MirrorKey = tuple[str, str, str]
LineKey = tuple[str, str, str, int, int]
UseKey = tuple[str, str, str]
"""Peer, asset, and what is counted: "card:…:20260801", "minute:29333333"."""


class Drawers(Protocol):
    """Where desks come from. Each question is asked once for a whole batch."""

    def shelf(self) -> Shelf: ...

    def epoch(self) -> int: ...

    def agreements(self, peers: Sequence[str]) -> Iterable[Agreement]: ...

    def handles(self, handles: Sequence[str]) -> Iterable[Handle]: ...

    def answers(self, ids: Sequence[UUID]) -> Iterable[KeptAnswer]: ...

    def mirrors(self, peers: Sequence[str]) -> Iterable[Mirror]: ...

    def lines(self, peer: str, asset: str, after: int, most: int) -> Iterable[KeptLine]:
        """Lines by number, those of either side: asset names its issuer, and `peer` the other one."""
        ...

    def uses(self, keys: Sequence[UseKey]) -> Mapping[UseKey, int]: ...

    def payments(self, ids: Sequence[UUID]) -> Iterable[Payment]: ...

    def payments_of_legs(self, legs: Sequence[UUID]) -> Iterable[Payment]: ...

    def grants(self, peers: Sequence[str]) -> Iterable[GrantKept]: ...

    def clearings(self, ids: Sequence[UUID]) -> Iterable[Clearing]: ...

    def unfallen(self, peer: str) -> Iterable[Clearing]:
        """Those with `peer` that are not refused, and that no line of it has carried out."""
        ...

    def contests(self, peer: str, asset: str, epoch: int, seq: int) -> Iterable[Clearing]:
        """Every dispute of that line, and what was offered to end it."""
        ...

    def set_aside(self, currency: UUID, account: UUID) -> int:
        """What open holds of wallets may still bring to one of our accounts."""
        ...

    def may_return(self, peer: str, asset: str) -> int:
        """Of what was asked of an issuer in its asset: all that is not over, and may have to go back."""
        ...


@dataclass(slots=True)
class Changes:
    """What must be kept, all or nothing. Mappings hold the newest state of each row."""

    ledger: Written = field(default_factory=Written)
    answers: list[KeptAnswer] = field(default_factory=list)
    lines: list[KeptLine] = field(default_factory=list)
    mirrors: dict[MirrorKey, Mirror] = field(default_factory=dict)
    payments: dict[UUID, Payment] = field(default_factory=dict)
    uses: dict[UseKey, int] = field(default_factory=dict)
    agreements: dict[tuple[str, str], Agreement] = field(default_factory=dict)
    grants: dict[UUID, GrantKept] = field(default_factory=dict)
    clearings: dict[UUID, Clearing] = field(default_factory=dict)
    checkpoints: list[Checkpoint] = field(default_factory=list)
    alarms: list[Alarm] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing has to be kept."""
        return not self.ledger.links and not any(getattr(self, name) for name in _NOTED)

    def add(self, later: "Changes") -> None:
        """What was changed after these."""
        for name in ("opened", "links", "taps"):
            getattr(self.ledger, name).extend(getattr(later.ledger, name))
        for name in _IN_ORDER:
            getattr(self, name).extend(getattr(later, name))
        for name in _NEWEST:
            getattr(self, name).update(getattr(later, name))


_IN_ORDER: Final = ("answers", "lines", "checkpoints", "alarms")
_NEWEST: Final = ("mirrors", "payments", "uses", "agreements", "grants", "clearings")
_NOTED: Final = (*_IN_ORDER, *_NEWEST)


@dataclass(slots=True)
class Desk:
    """What the rules look at. `me` is this node's origin, `now` the clock at the time of the decision."""

    me: str
    now: datetime
    epoch: int
    book: Book
    drawers: Drawers
    agreements: dict[tuple[str, str], Agreement] = field(default_factory=dict)
    handles: dict[str, Handle] = field(default_factory=dict)
    answers: dict[UUID, KeptAnswer] = field(default_factory=dict)
    mirrors: dict[MirrorKey, Mirror] = field(default_factory=dict)
    waiting_lines: dict[LineKey, KeptLine] = field(default_factory=dict)
    payments: dict[UUID, Payment] = field(default_factory=dict)
    of_leg: dict[UUID, UUID] = field(default_factory=dict)
    uses: dict[UseKey, int] = field(default_factory=dict)
    grants: dict[UUID, GrantKept] = field(default_factory=dict)
    clearings: dict[UUID, Clearing] = field(default_factory=dict)
    changes: Changes = field(default_factory=Changes)
    aside: dict[UUID, int] = field(default_factory=dict)
    """What is set aside for an account: as the drawers have it, once they were asked."""
    aside_since: dict[str, int] = field(default_factory=dict)
    """How it changed at this desk, by the account as entries name it."""
    ms: int = field(init=False)
    """Now, in milliseconds."""
    day: str = field(init=False)
    """Today in UTC, as limits are counted: "20260801"."""

    def __post_init__(self) -> None:
        self.ms, self.day = milliseconds(self.now), f"{self.now:%Y%m%d}"

    def agreement(self, peer: str, asset: str) -> Agreement | None:
        """What `peer` and this node agreed about `asset`, whoever issues it."""
        return self.agreements.get((peer, asset))

    def ask_ledger(self, request: AnyRequest) -> Transaction | None:
        """Have the ledger decide it within this decision; None when its id said something else before."""
        written = decide_ledger(self.book, [request], self.now, self.changes.ledger)
        answer = written.answers.pop()
        if isinstance(answer, Conflict):
            return None
        self._note_aside(answer)
        return answer

    def _note_aside(self, link: Transaction) -> None:
        for entry in link.receipt.entries:
            if entry.op != "transfer":
                change = entry.amount if entry.op == "hold" else -entry.amount
                self.aside_since[entry.credit] = self.aside_since.get(entry.credit, 0) + change

    def set_aside(self, place: Place) -> int:
        """What open holds may still bring to `place`, those of this very decision too."""
        account = place.account_id
        if account not in self.aside:
            self.aside[account] = self.drawers.set_aside(place.asset, account)
        return self.aside[account] + self.aside_since.get(account.hex, 0)

    def keep_answer(self, answer: KeptAnswer) -> None:
        self.answers[answer.id] = answer
        self.changes.answers.append(answer)

    def keep_line(self, line: KeptLine) -> None:
        self.waiting_lines[line.key] = line
        self.changes.lines.append(line)

    def keep_mirror(self, mirror: Mirror) -> None:
        if self.mirrors.get(mirror.key) == mirror:
            return
        self.mirrors[mirror.key] = mirror
        self.changes.mirrors[mirror.key] = mirror

    def keep_payment(self, payment: Payment) -> None:
        if self.payments.get(payment.id) == payment:
            return  # an answer that came again
        self.lay_payment(payment)
        self.changes.payments[payment.id] = payment

    def lay_payment(self, payment: Payment) -> None:
        """Lay a payment open."""
        self.payments[payment.id] = payment
        for leg in payment.legs:
            self.of_leg[leg.id] = payment.id

    def keep_grant(self, grant: GrantKept) -> None:
        self.grants[grant.id] = grant
        self.changes.grants[grant.id] = grant

    def keep_clearing(self, clearing: Clearing) -> None:
        self.clearings[clearing.id] = clearing
        self.changes.clearings[clearing.id] = clearing

    def keep_agreement(self, agreement: Agreement) -> None:
        peer = agreement.acceptor if agreement.issuer == self.me else agreement.issuer
        self.agreements[peer, agreement.asset] = agreement
        self.changes.agreements[peer, agreement.asset] = agreement

    def used(self, key: UseKey) -> int:
        """What was counted under `key` so far; each is asked of the drawers once."""
        if key not in self.uses:
            self.uses[key] = self.drawers.uses([key]).get(key, 0)
        return self.uses[key]

    def use(self, key: UseKey, amount: int) -> None:
        self.uses[key] = self.changes.uses[key] = self.used(key) + amount

    def alarm(self, what: str, peer: str, where: object, item: bytes = b"") -> None:
        """Tell a person."""
        self.changes.alarms.append(Alarm(what=what, peer=peer, where=str(where), item=item))

    def mirror(self, issuer: str, holder: str, asset: str, currency: UUID) -> Mirror:
        """How far lines go; a new one begins at nothing, in the epoch of its issuer."""
        known = self.mirrors.get((issuer, holder, asset))
        if known is not None:
            return known
        agreed = None if issuer == self.me else self.agreement(issuer, asset)
        epoch = agreed.epoch if agreed else self.epoch
        return Mirror(issuer=issuer, holder=holder, asset=asset, currency=currency, epoch=epoch)

    def raise_seen(self, mirror: Mirror, seq: int) -> None:
        """Note that the issuer has lines up to `seq`."""
        if seq > mirror.seen:
            self.keep_mirror(structs.replace(mirror, seen=seq))


def milliseconds(at: datetime) -> int:
    """Since 1970, whole."""
    return int(at.timestamp() * 1000)


def instant(ms: int) -> datetime:
    """The moment that so many milliseconds mean."""
    return datetime.fromtimestamp(ms / 1000, UTC)
