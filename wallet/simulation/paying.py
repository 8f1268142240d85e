"""What people do at tills: they tap, pay from several purses, come back with something, tap twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from msgspec import structs

from wallet.between.events import Begin
from wallet.between.messages import Charge, Refund, encode
from wallet.between.shapes import Agreement, Leg, Payment
from wallet.between.times import EXPIRY, TILL
from wallet.ledger.requests import Holder, Line, Memo, Spend
from wallet.simulation.chips import proof_in
from wallet.simulation.drawing import fresh_id
from wallet.simulation.node import Node
from wallet.simulation.shapes import Person, Village
from wallet.simulation.story import Story, money, place
from wallet.simulation.tills import Tills, short

STALE = 0.02
"""Share of charges that name another epoch than the issuer's."""
LATELY = 60
"""Sales that people still have their receipt of."""
TWICE = 0.12
"""Share of payments that a till asks for again."""
LOCAL_HOLDS = (timedelta(minutes=10), timedelta(hours=24))


@dataclass
class Paying:
    """Everybody at every till."""

    village: Village
    nodes: dict[str, Node]
    tills: Tills
    chance: Random
    story: Story

    def tap(self) -> None:
        """One purse."""
        node, person = self._somebody()
        agreed = self._accepted(node)
        if agreed:
            leg = self._leg(node, person, self.chance.choice(agreed), self._price(), "post")
            self._begin(node, person, (leg,), 0)

    def tap_mixed(self) -> None:
        """Something of the node's own money, and several purses elsewhere."""
        node, person = self._somebody()
        agreed = self._accepted(node)
        count = min(len(agreed), self.chance.choice((1, 2, 2, 3)))
        here = self._price() if self.chance.random() < 0.6 else 0
        if not count:
            return
        chosen = self.chance.sample(agreed, count)
        is_last = count == 1 and here and self.chance.random() < 0.5
        mode = "post" if is_last or (count == 1 and not here) else "hold"
        legs = tuple(self._leg(node, person, one, self._price(), mode) for one in chosen)
        self._begin(node, person, legs, here)

    def give_back(self) -> None:
        """A part of what was paid, perhaps more than is left of it."""
        node, asset = self._in_doubt()
        paid = [node.drawers.kept_payments[one] for one in self.tills.paid.get(node.me, ())[-LATELY:]]
        legs = [(payment, leg) for payment in paid for leg in payment.legs if leg.is_final and leg.got]
        legs = [one for one in legs if one[1].asset == asset] or legs
        if legs:
            payment, leg = self.chance.choice(legs)
            amount = self.chance.choice((leg.got, max(1, leg.got // 2), self.chance.randint(1, leg.got)))
            self._refund(node, payment, leg, amount)

    def _in_doubt(self) -> tuple[Node, str]:
        """Often a till that is about to undo another payment, and its currency: what they share is scarce."""
        doubtful = [
            (node, leg.asset)
            for node in self.nodes.values()
            for payment in node.drawers.waiting.values()
            for leg in payment.legs
            if leg.state == "undoing"
        ]
        is_near = doubtful and self.chance.random() < 0.5
        return self.chance.choice(doubtful) if is_near else (self._node(), "")

    def _refund(self, node: Node, payment: Payment, leg: Leg, amount: int) -> None:
        asked = fresh_id(self.chance)
        ask = encode(Refund(id=asked, made=node.ms, charge=leg.id, amount=amount, reason="brought back"))
        back = structs.replace(
            leg,
            id=asked,
            amount=amount,
            ask=ask,
            state="intent",
            got=0,
            was_held=False,
            grant=None,
            left=None,
        )
        refund = Payment(
            id=fresh_id(self.chance),
            kind="refund",
            made=node.ms,
            deadline=node.ms + TILL,
            legs=(back,),
            refers=payment.id,
            content=f"refund {amount}",
        )
        if self.story.is_told:
            text = f"{place(node.me)} gives {money(amount, leg.asset)} of sale {short(payment.id)} back"
            self._tell(f"{text}: refund {short(refund.id)}.")
        self.tills.begin(node, Begin(payment=refund), "")

    def _begin(self, node: Node, person: Person, legs: tuple[Leg, ...], here: int) -> None:
        local = self._local(node, person, here) if here else None
        payment = Payment(
            id=fresh_id(self.chance),
            kind="sale",
            made=node.ms,
            deadline=node.ms + TILL,
            legs=legs,
            local=local.id if local else None,
            local_amount=here,
            content=f"{person.name} {here} {[leg.amount for leg in legs]}",
            point="bar",
        )
        if self.story.is_told:
            parts = [money(leg.amount, leg.asset) for leg in legs] + (
                [f"{here / 100:.2f} here"] if here else []
            )
            text = f"{person.name} taps at {place(node.me)} for {' and '.join(parts)}"
            self._tell(f"{text}: sale {short(payment.id)}.")
        self.tills.begin(node, Begin(payment=payment, local=local), person.name)
        if self.chance.random() < TWICE:
            self._again(node, person, payment, local)

    def _again(self, node: Node, person: Person, payment: Payment, local: Spend | None) -> None:
        """The till asks for the same sale once more; its node plans it anew, under other ids."""
        agreements = {one.asset: one for one in node.drawers.kept_agreements.values()}
        legs = tuple(
            self._leg(
                node, person, agreements[leg.asset], leg.amount, "hold" if b'"hold"' in leg.ask else "post"
            )
            for leg in payment.legs
        )
        again = structs.replace(payment, legs=legs)
        if local is not None:
            local = structs.replace(local, id=fresh_id(self.chance))
            again = structs.replace(again, local=local.id)
        event = Begin(payment=again, local=local)
        self.tills.timeline.after(self.chance.randint(0, 4_000), lambda: self.tills.again(node, event))

    def _local(self, node: Node, person: Person, amount: int) -> Spend:
        asked = fresh_id(self.chance)
        return Spend(
            id=asked,
            content=asked.hex,
            payers=(Holder(person.wallets[node.me]),),
            lines=(Line("", amount),),
            until=node.now + self.chance.choice(LOCAL_HOLDS),
            memo=Memo(place=node.me, point="bar"),
        )

    def _leg(self, node: Node, person: Person, agreed: Agreement, amount: int, mode: str) -> Leg:
        asked = fresh_id(self.chance)
        epoch = agreed.epoch + (self.chance.random() < STALE)
        handle = person.handles[agreed.issuer]
        charge = Charge(
            id=asked,
            made=node.ms,
            asset=agreed.asset,
            epoch=epoch,
            handle=handle,
            amount=amount,
            exp=node.ms + EXPIRY,
            mode="hold" if mode == "hold" else "post",
            card=f"c_{person.name}",
            till="bar",
            sun=proof_in(person, asked, handle, node.me),
        )
        return Leg(
            id=asked,
            issuer=agreed.issuer,
            asset=agreed.asset,
            currency=agreed.currency,
            handle=handle,
            amount=amount,
            ask=encode(charge),
            card=charge.card,
            epoch=epoch,
        )

    def _price(self) -> int:
        """Most things are cheap; now and then somebody pays a round."""
        return self.chance.choice((150, 250, 320, 450, 500, 700, 1_200, self.chance.randint(1, 3_000)))

    def _somebody(self) -> tuple[Node, Person]:
        """Whoever taps now, at some till."""
        node, person = self._node(), self.chance.choice(self.village.people)
        person.reads += 1
        return node, person

    def _node(self) -> Node:
        return self.nodes[self.chance.choice(self.village.origins)]

    def _accepted(self, node: Node) -> Sequence[Agreement]:
        return [one for one in node.drawers.kept_agreements.values() if one.acceptor == node.me]

    def _tell(self, text: str) -> None:
        self.story.tell(self.tills.timeline.now, text)
