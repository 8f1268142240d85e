"""A node that lies: it signs what it likes, replays, asks for what is not its own. Others must lose nothing.

What it can do is what anybody can do who has one node's keys: it never speaks as somebody else.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

from msgspec import Raw, structs

from wallet.between import messages as words
from wallet.between.shapes import Agreement
from wallet.between.times import EXPIRY
from wallet.simulation.drawing import fresh_id
from wallet.simulation.node import Node
from wallet.simulation.shapes import Counts, Village
from wallet.simulation.story import Story, place
from wallet.simulation.watch_talk import TalkWatch

OFTEN = 0.12
"""Share of what it says that it changes."""
REMEMBERED = 400


@dataclass
class Liar:
    """Plays tricks in the name of one node; its own code is as honest as that of others."""

    node: Node
    village: Village
    talk: TalkWatch
    chance: Random
    counts: Counts
    story: Story
    is_quiet: bool = False
    said: list[tuple[str, bytes]] = field(default_factory=list)
    held: list[tuple[str, UUID, int]] = field(default_factory=list)

    def tamper(self, peer: str, items: Sequence[bytes]) -> Sequence[bytes]:
        """What it says instead of what its rules say."""
        if self.is_quiet:
            return items
        told = [one for item in items for one in self._instead(item)]
        self.said = [*self.said, *((peer, item) for item in told)][-REMEMBERED:]
        return told

    def _instead(self, item: bytes) -> Sequence[bytes]:
        if self.chance.random() > OFTEN:
            return (item,)
        self.counts.lies += 1
        message = words.decode(item)
        if isinstance(message, words.Receipt):
            return self._receipt(message, item)
        if isinstance(message, words.Lines) and message.lines:
            return (words.encode(structs.replace(message, lines=(self._line(message.lines[0]),))),)
        if isinstance(message, words.Charge | words.Refund | words.Capture):
            return (item, words.encode(structs.replace(message, amount=message.amount + 5)))
        if isinstance(message, words.Signed):
            return (
                item,
                words.encode(words.NotSigned(id=message.id, made=message.made, why="changed our mind")),
            )
        return self.chance.choice(((), (item, item), (item, item[:-1])))

    def _receipt(self, message: words.Receipt, item: bytes) -> Sequence[bytes]:
        change = self.chance.choice(
            (
                {"amount": message.amount + 100},
                {"req": "0" * 64},
                {"outcome": "posted", "amount": message.amount or 100, "why": ""},
                {"outcome": "declined", "why": "insufficient", "amount": 0, "line": Raw()},
                {"outcome": "cancelled", "amount": 0, "line": Raw()},
                {"line": self._line(message.line)} if message.line else {"amount": 1},
                {"line": Raw()},
                {"id": fresh_id(self.chance)},
            )
        )
        return (
            words.encode(structs.replace(message, **change)),
            *((item,) if self.chance.random() < 0.5 else ()),
        )

    def _line(self, raw: Raw) -> Raw:
        """Another line of the same number."""
        line = words.decode_line(raw)
        change = self.chance.choice(
            (
                {"delta": line.delta + 100, "balance": line.balance + 100},
                {"at": line.at + 1},
                {"ref": str(fresh_id(self.chance))},
                {"ref": "nobody"},
                {
                    "kind": "settlement",
                    "delta": -abs(line.delta),
                    "balance": line.balance - 2 * abs(line.delta),
                },
                {"prev": "f" * 64},
                {"issuer": self.chance.choice(self.village.origins)},
            )
        )
        return Raw(words.encode(structs.replace(line, **change)))

    def act(self) -> None:
        """One trick."""
        if not self.node.is_up or self.is_quiet:
            return
        trick: Callable[[], None] = self.chance.choice(
            (self.replay, self.steal, self.charge_wildly, self.capture_more, self.present_wildly,
             self.refund_more, self.propose_wildly, self.talk_nonsense, self.deny)
        )  # fmt: skip
        self.counts.lies += 1
        self.story.tell(self.node.timeline.now, f"{place(self.node.me)} lies: {trick.__name__}.")
        trick()

    def replay(self) -> None:
        """What it said before, to whom it likes."""
        for peer, item in self.chance.sample(self.said, min(len(self.said), 3)):
            self._say(self._peer() if self.chance.random() < 0.2 else peer, item)

    def steal(self) -> None:
        """Speak about a charge of another acceptor, whose id leaked."""
        others = [
            (leg, issuer)
            for who, legs in self.talk.legs.items()
            for leg, issuer in legs.items()
            if who != self.node.me
        ]
        if not others:
            return
        leg, issuer = self.chance.choice(others[-50:])
        made = self.node.ms
        self._say(
            issuer,
            self.chance.choice(
                (
                    words.encode(words.Cancel(id=leg, made=made)),
                    words.encode(words.Release(id=leg, made=made)),
                    words.encode(words.Capture(id=leg, made=made, amount=100)),
                    words.encode(words.Refund(id=fresh_id(self.chance), made=made, charge=leg, amount=1)),
                )
            ),
        )

    def charge_wildly(self) -> None:
        """Beyond a limit, below zero, for another epoch, for a card that does not exist."""
        agreed = self._agreed()
        if agreed:
            charge = self._charge(agreed, self.chance.choice((100, 300)))
            change = self.chance.choice(
                (
                    {"amount": agreed.per_tap + 1}, {"amount": -500}, {"amount": 0},
                    {"epoch": agreed.epoch + 1},
                    {"handle": "h_nobody"}, {"exp": self.node.ms - 1}, {"asset": "nowhere.example/x"}, {},
                    {"card": fresh_id(self.chance).hex},
                )
            )  # fmt: skip
            self._say(agreed.issuer, words.encode(structs.replace(charge, **change)))

    def capture_more(self) -> None:
        """Set little aside and take much, now or after the hold's time."""
        if self.chance.random() < 0.5:
            self.set_aside()
        for issuer, held, amount in self.held:
            asked = self.chance.choice((amount + 1, amount * 4, amount, -amount))
            self._say(issuer, words.encode(words.Capture(id=held, made=self.node.ms, amount=asked)))
        self.held = [one for one in self.held if self.chance.random() < 0.5]

    def set_aside(self) -> None:
        """A little, at two issuers."""
        for agreed in (self._agreed(), self._agreed()):
            if agreed is not None:
                charge = structs.replace(self._charge(agreed, 50), mode="hold")
                self.held.append((agreed.issuer, charge.id, 50))
                self._say(agreed.issuer, words.encode(charge))

    def present_wildly(self) -> None:
        """Offline payments that nobody granted."""
        agreed = self._agreed()
        if not agreed:
            return
        grants = [one.id for one in self.village.grants if one.issuer == agreed.issuer]
        present = words.Present(
            id=fresh_id(self.chance),
            made=self.node.ms,
            grant=self.chance.choice([*grants, fresh_id(self.chance)]),
            asset=agreed.asset,
            epoch=agreed.epoch,
            handle=self.chance.choice(self.village.people).handles[agreed.issuer],
            card=fresh_id(self.chance).hex,
            amount=self.chance.choice((100, 1_500, 9_999, 10**9, -(10**9), 0)),
            taken=self.node.ms - self.chance.choice((0, 10**9)),
        )
        self._say(agreed.issuer, words.encode(present))

    def refund_more(self) -> None:
        """More than was charged, several times, below zero."""
        mine = list(self.talk_legs().items())
        if mine:
            leg, issuer = self.chance.choice(mine)
            amount = self.chance.choice((1, 200, 100_000, -100))
            refund = words.Refund(id=fresh_id(self.chance), made=self.node.ms, charge=leg, amount=amount)
            self._say(issuer, words.encode(refund))

    def propose_wildly(self) -> None:
        """Debts that are not, or are not its own, fall."""
        agreed = self._agreed()
        if agreed:
            peer, me = agreed.issuer, self.node.me
            amount = self.chance.choice((1, 100, 10**8, -5))
            other = self._peer()
            edges = self.chance.choice(
                (
                    (words.Edge(peer, me, agreed.asset, amount),),
                    (words.Edge(peer, other, agreed.asset, amount),),
                    (words.Edge(peer, me, agreed.asset, amount), words.Edge(peer, me, agreed.asset, amount)),
                    (),
                )
            )
            kind = self.chance.choice(("setoff", "settlement"))
            message = words.Propose(id=fresh_id(self.chance), made=self.node.ms, kind=kind, edges=edges)  # type: ignore[arg-type]
            self._say(peer, words.encode(message))

    def talk_nonsense(self) -> None:
        """Bytes that are no message, and messages that nobody asked for."""
        id, made = fresh_id(self.chance), self.node.ms
        nonsense = self.chance.choice(
            (
                b"{}", b"[", b'{"t":"charge"}', words.encode(words.Signed(id=id, made=made, hash="")),
                words.encode(
                    words.Receipt(id=id, made=made, verb="charge", req="", outcome="posted", at=made)
                ),
                words.encode(words.Lines(id=id, made=made, asset="x", epoch=1, head=words.Point(9, "", 9))),
                words.encode(words.Beat(id=id, made=made, version=1, epoch=9, heads={"x": 5})),
            )
        )  # fmt: skip
        self._say(self._peer(), nonsense)

    def deny(self) -> None:
        """As an issuer: lines that take back what it owes."""
        owed = [
            one
            for one in self.node.drawers.kept_mirrors.values()
            if one.issuer == self.node.me and one.balance > 0
        ]
        if owed:
            mirror = self.chance.choice(owed)
            line = words.Line(
                issuer=self.node.me, holder=mirror.holder, asset=mirror.asset, epoch=mirror.epoch,
                seq=mirror.seq + 1, kind=self.chance.choice(("cancel", "refund", "settlement", "setoff")),
                ref=str(fresh_id(self.chance)), delta=-mirror.balance, balance=0, at=self.node.ms,
                prev=mirror.hash,
            )  # fmt: skip
            body = words.encode(line)
            head = words.Point(line.seq, words.digest(body), 0)
            lines = words.Lines(
                id=fresh_id(self.chance),
                made=self.node.ms,
                asset=mirror.asset,
                epoch=mirror.epoch,
                head=head,
                lines=(Raw(body),),
            )
            self._say(mirror.holder, words.encode(lines))

    def talk_legs(self) -> dict[UUID, str]:
        """Its own charges, and where."""
        found: dict[UUID, str] = {}
        for payment in self.node.drawers.kept_payments.values():
            found.update({leg.id: leg.issuer for leg in payment.legs})
        return found

    def _say(self, peer: str, item: bytes) -> None:
        if peer != self.node.me:
            self.node.network.send(self.node.me, peer, [item])

    def _peer(self) -> str:
        return self.chance.choice([one for one in self.village.origins if one != self.node.me])

    def _agreed(self) -> Agreement | None:
        mine = [one for one in self.village.agreements if one.acceptor == self.node.me]
        return self.chance.choice(mine) if mine else None

    def _charge(self, agreed: Agreement, amount: int) -> words.Charge:
        person = self.chance.choice(self.village.people)
        made = self.node.ms
        return words.Charge(
            id=fresh_id(self.chance), made=made, asset=agreed.asset, epoch=agreed.epoch,
            handle=person.handles[agreed.issuer], amount=amount, exp=made + EXPIRY,
        )  # fmt: skip
