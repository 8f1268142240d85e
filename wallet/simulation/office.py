"""What happens beside the tills: top-ups, vouchers, cash, merged wallets, lost cards, paused agreements."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from uuid import UUID

from msgspec import structs

from wallet.between.shapes import Agreement, GrantKept, Handle
from wallet.ledger import requests as ask
from wallet.ledger.shapes import Transaction
from wallet.simulation.drawing import fresh_id
from wallet.simulation.node import Node
from wallet.simulation.shapes import Currency, Person, Village
from wallet.simulation.store import Asked
from wallet.simulation.story import Story, money, place
from wallet.simulation.tills import Tills

LASTING = (timedelta(minutes=3), timedelta(minutes=10), timedelta(hours=20), timedelta(days=90))


@dataclass
class Office:
    """Whoever sits behind the counter of each node."""

    village: Village
    nodes: dict[str, Node]
    tills: Tills
    chance: Random
    story: Story

    def load(self) -> None:
        """Somebody brings money."""
        self.give(self._currency("money"), self._person(), self.chance.choice((200, 1_000, 2_000)))

    def give(self, currency: Currency, person: Person, amount: int) -> None:
        """Value into a wallet: vouchers come in lots that end."""
        node = self.nodes[currency.issuer]
        if not node.is_up:
            return
        is_gift = currency.asset.nature == "gift"
        asked = fresh_id(self.chance)
        lasting = self.chance.choice(LASTING)
        load = ask.Load(
            id=asked,
            content=asked.hex,
            kind="gift" if is_gift else "top_up",
            asset=currency.asset.id,
            to=ask.Holder(person.wallets[currency.issuer]),
            amount=amount,
            lot=asked.hex[:8] if is_gift else "",
            expires_at=node.now + lasting if is_gift else None,
        )
        node.ask([load])
        self._tell(f"{person.name} receives {money(amount, currency.wire)}.")

    def give_voucher(self) -> None:
        """Somebody is given a voucher."""
        self.give(self._currency("gift"), self._person(), self.chance.choice((300, 500, 1_000)))

    def cash_out(self) -> None:
        """Somebody wants cash back; more than there is gets a no."""
        currency, person = self._currency("money"), self._person()
        wallet = ask.Holder(person.wallets[currency.issuer])
        amount = self.chance.choice((100, 500))
        asked = fresh_id(self.chance)
        unload = ask.Unload(id=asked, content=asked.hex, asset=currency.asset.id, of=wallet, amount=amount)
        if self._ask(currency.issuer, unload) is not None:
            self._tell(f"{person.name} asks {place(currency.issuer)} for {amount / 100:.2f} in cash.")

    def sell_here(self) -> None:
        """A sale of the issuer itself, in its own ledger."""
        currency, person = self._currency("money"), self._person()
        asked = fresh_id(self.chance)
        payers = (ask.Holder(person.wallets[currency.issuer]),)
        lines = (ask.Line("", self.chance.choice((100, 350, 900))),)
        self._ask(currency.issuer, ask.Spend(id=asked, content=asked.hex, payers=payers, lines=lines))

    def merge(self) -> None:
        """Two wallets of one person become one."""
        origin = self.chance.choice(self.village.origins)
        first, second = self.chance.sample(self.village.people, 2)
        source, target = first.wallets[origin], second.wallets[origin]
        asked = fresh_id(self.chance)
        link = self._ask(origin, ask.Merge(id=asked, content=asked.hex, source=source, target=target))
        if link is not None and link.receipt.verdict != "declined":
            for person in self.village.people:
                if person.wallets[origin] == source:
                    person.wallets[origin] = target
                    self._set_handle(self.nodes[origin], person.handles[origin], wallet=target)
            self._tell(f"At {place(origin)}, the wallet of {first.name} becomes that of {second.name}.")

    def lose_card(self) -> None:
        """A card is lost at one issuer, and found a while later."""
        person, origin = self._person(), self.chance.choice(self.village.origins)
        node, handle = self.nodes[origin], person.handles[origin]
        self._set_handle(node, handle, status="lost")
        self._tell(f"{place(origin)} hears that {person.name}'s card is lost.")
        self.tills.timeline.after(60_000, lambda: self._set_handle(node, handle, status="active"))

    def pause(self) -> None:
        """An issuer pauses an agreement for a while; what is under way goes on."""
        agreed = self.chance.choice(self.village.agreements)
        self._set_paused(agreed, True)
        self.tills.timeline.after(40_000, lambda: self._set_paused(agreed, False))

    def revoke(self) -> None:
        """An issuer ends a grant; the acceptor hears of it a while later, and says what it had accepted."""
        if not self.village.grants:
            return
        grant = self.chance.choice(self.village.grants)
        self._end(grant.issuer, grant.id, revoked=True)
        self._tell(f"{place(grant.issuer)} ends its grant for {place(grant.acceptor)}.")
        self.tills.timeline.after(self.chance.randint(1, 50_000), lambda: self._close(grant))

    def _close(self, grant: GrantKept) -> None:
        node = self.nodes[grant.acceptor]
        if node.drawers.kept_grants[grant.id].closed is not None:
            return
        due = tuple(
            leg.id
            for payment in node.drawers.waiting.values()
            for leg in payment.legs
            if leg.grant == grant.id and leg.state == "offline_due"
        )
        self._end(grant.acceptor, grant.id, revoked=True, closed=due)
        self._end(grant.issuer, grant.id, closed=due)

    def _end(self, origin: str, grant_id: UUID, **said: object) -> None:
        node = self.nodes[origin]
        row: GrantKept = structs.replace(node.drawers.kept_grants[grant_id], **said)
        node.drawers.kept_grants[grant_id] = row
        _record(node, row)

    def _set_paused(self, agreed: Agreement, is_paused: bool) -> None:
        node = self.nodes[agreed.issuer]
        key = (agreed.acceptor, agreed.asset)
        row = structs.replace(node.drawers.kept_agreements[key], is_paused=is_paused)
        node.drawers.kept_agreements[key] = row
        _record(node, row)

    def _set_handle(self, node: Node, handle: str, **said: object) -> None:
        row: Handle = structs.replace(node.drawers.kept_handles[handle], **said)
        node.drawers.kept_handles[handle] = row
        _record(node, row)

    def _ask(self, origin: str, request: ask.AnyRequest) -> Transaction | None:
        node = self.nodes[origin]
        return node.ask([request])[0] if node.is_up else None

    def _person(self) -> Person:
        return self.chance.choice(self.village.people)

    def _currency(self, nature: str) -> Currency:
        return self.chance.choice([one for one in self.village.currencies if one.asset.nature == nature])

    def _tell(self, text: str) -> None:
        self.story.tell(self.tills.timeline.now, text)


def _record(node: Node, row: object) -> None:
    """So that another store can be put in the same state."""
    if node.drawers.asked is not None:
        node.drawers.asked.append(Asked("row", (row,)))
