"""What the simulation found in the rules between nodes, each once more by hand."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from msgspec import Raw, structs

from wallet.between import messages as words
from wallet.between.completing import to_say
from wallet.between.due import hold_is_over
from wallet.between.events import Begin, Confirm, GiveUp, Hear, Suggest
from wallet.between.memory import MemoryDrawers
from wallet.between.shapes import Agreement, Clearing, GrantKept, Handle, Leg, Payment
from wallet.ledger import requests as ask
from wallet.ledger.book import open_book
from wallet.ledger.decide import decide
from wallet.ledger.shapes import Asset, Place

CAFE, BARN = "https://cafe.example", "https://barn.example"
BEANS = "cafe.example/beans"
START = datetime(2026, 8, 1, 21, tzinfo=UTC)


class Pair:
    """The café issues, the barn accepts; nothing is lost unless the test says so."""

    def __init__(self) -> None:
        self.now = START
        self.cafe, self.barn = MemoryDrawers(CAFE), MemoryDrawers(BARN)
        self.currency, self.wallet = uuid4(), uuid4()
        for node, other in ((self.cafe, BARN), (self.barn, CAFE)):
            node.ledger.currencies[self.currency] = Asset(
                self.currency, BEANS, "money", "local", is_ours=node is self.cafe
            )
            node.kept_agreements[other, BEANS] = Agreement(
                issuer=CAFE, acceptor=BARN, asset=BEANS, currency=self.currency, epoch=1,
                per_tap=5_000, per_card_day=50_000, per_minute=50_000, node_max=50_000,
            )  # fmt: skip
        self.cafe.ledger.people.add(self.wallet)
        self.cafe.kept_handles["h"] = Handle(handle="h", wallet=self.wallet, home=CAFE)
        load = ask.Load(
            id=uuid4(),
            content="load",
            kind="top_up",
            asset=self.currency,
            to=ask.Holder(self.wallet),
            amount=9_000,
        )
        self.ledger(self.cafe, load)

    def ledger(self, node: MemoryDrawers, request: ask.AnyRequest) -> None:
        node.ledger.keep(decide(open_book(node.ledger, [request]), [request], self.now))

    def begin(self, amount: int, mode: str = "post", local: ask.Spend | None = None) -> UUID:
        made = int(self.now.timestamp() * 1000)
        charge = words.Charge(
            id=uuid4(), made=made, asset=BEANS, epoch=1, handle="h", amount=amount, exp=made + 600_000,
            mode="hold" if mode == "hold" else "post",
        )  # fmt: skip
        leg = Leg(
            id=charge.id, issuer=CAFE, asset=BEANS, currency=self.currency, handle="h", amount=amount,
            ask=words.encode(charge),
        )  # fmt: skip
        payment = Payment(
            id=uuid4(), kind="sale", made=made, deadline=made + 1_500, legs=(leg,),
            local=local.id if local else None, local_amount=300 if local else 0,
        )  # fmt: skip
        self.barn.submit([Begin(payment=payment, local=local)], self.now)
        return payment.id

    def say(self, sender: MemoryDrawers, to: MemoryDrawers, item: bytes) -> list[words.AnyMessage]:
        """Say an item, and give the answers back; returns them."""
        heard = Hear(peer=sender.me, body=item, message=words.decode(item))
        (outcome,) = to.submit([heard], self.now)
        for answer in outcome.answers:
            sender.submit([Hear(peer=to.me, body=answer, message=words.decode(answer))], self.now)
        return [words.decode(one) for one in outcome.answers]

    def go_on(self, payment: UUID) -> Payment:
        """The completer's turn, until there is nothing to say; returns the row."""
        for _turn in range(4):
            for _, item in list(to_say(self.barn.kept_payments[payment])):
                self.say(self.barn, self.cafe, item)
        return self.barn.kept_payments[payment]

    def settle(self, amount: int, by: MemoryDrawers | None = None) -> tuple[Clearing, str]:
        """The café proposes that a debt falls."""
        clearing = Clearing(
            id=uuid4(), peer=BARN, kind="settlement", edges=(words.Edge(CAFE, BARN, BEANS, amount),),
            state="proposed", is_ours=True, hash="", ask=b"", made=1,
        )  # fmt: skip
        (outcome,) = (by or self.cafe).submit([Suggest(clearing=clearing)], self.now)
        return self.cafe.kept_clearings.get(clearing.id, clearing), outcome.why

    def owed(self) -> int:
        account = self.cafe.ledger.held[Place(self.currency, "node", BARN).account_id]
        return account.balance


@pytest.fixture
def pair() -> Pair:
    return Pair()


def test_a_cancel_waits_while_what_goes_back_is_set_aside_for_a_debt_that_is_to_fall(pair: Pair) -> None:
    """The receipt is lost; the issuer proposes to settle everything before the cancel comes."""
    payment = pair.begin(400)
    ((_, charge),) = to_say(pair.barn.kept_payments[payment])
    pair.cafe.submit([Hear(peer=BARN, body=charge, message=words.decode(charge))], pair.now)
    clearing, why = pair.settle(400)
    assert not why
    pair.barn.submit([GiveUp(payment=payment)], pair.now)
    assert pair.go_on(payment).state == "undo"
    ((answer,),) = [pair.say(pair.cafe, pair.barn, clearing.ask)]
    assert isinstance(answer, words.NotSigned)
    assert pair.go_on(payment).state == "failed"
    assert pair.owed() == 0
    assert not pair.barn.alarms


def test_a_creditor_signs_for_no_more_than_it_can_do_without(pair: Pair) -> None:
    """400 are paid, 300 more are posted and not known to be: the lines show 700, of which 300 may go back."""
    pair.go_on(pair.begin(400))
    doubtful = pair.begin(300)
    ((_, charge),) = to_say(pair.barn.kept_payments[doubtful])
    pair.cafe.submit([Hear(peer=BARN, body=charge, message=words.decode(charge))], pair.now)
    for line in pair.cafe.lines(BARN, BEANS, 0, 10):
        lines = words.Lines(
            id=uuid4(), made=1, asset=BEANS, epoch=1,
            head=words.Point(line.line.seq, line.hash, line.line.balance),
            lines=(Raw(line.body),),
        )  # fmt: skip
        item = words.encode(lines)
        pair.barn.submit([Hear(peer=CAFE, body=item, message=words.decode(item))], pair.now)
    too_much, _ = pair.settle(401)
    (answer,) = pair.say(pair.cafe, pair.barn, too_much.ask)
    assert isinstance(answer, words.NotSigned)
    assert answer.why == "more_than_owed"
    enough, _ = pair.settle(400)
    pair.say(pair.cafe, pair.barn, enough.ask)
    pair.barn.submit([Confirm(clearing=enough.id, is_right=True)], pair.now)
    pair.say(pair.cafe, pair.barn, enough.ask)
    pair.barn.submit([GiveUp(payment=doubtful)], pair.now)
    assert pair.go_on(doubtful).legs[0].state == "reversed"
    assert pair.owed() == 0


def test_two_proposals_together_leave_what_may_go_back(pair: Pair) -> None:
    pair.go_on(pair.begin(500))
    first, _ = pair.settle(300)
    pair.say(pair.cafe, pair.barn, first.ask)
    second = Clearing(
        id=uuid4(), peer=CAFE, kind="settlement", edges=(words.Edge(CAFE, BARN, BEANS, 300),),
        state="proposed", is_ours=True, hash="", ask=b"", made=1,
    )  # fmt: skip
    assert pair.barn.submit([Suggest(clearing=second)], pair.now)[0].why == "more_than_owed"


def test_a_refund_leaves_what_another_payment_may_need_to_go_back(pair: Pair) -> None:
    """All but the payment in doubt was settled: a refund of a settled sale would eat its reserve."""
    leg = pair.go_on(pair.begin(500)).legs[0]
    settled, _ = pair.settle(500)
    pair.say(pair.cafe, pair.barn, settled.ask)
    pair.barn.submit([Confirm(clearing=settled.id, is_right=True)], pair.now)
    pair.say(pair.cafe, pair.barn, settled.ask)
    doubtful = pair.begin(300)
    ((_, charge),) = to_say(pair.barn.kept_payments[doubtful])
    pair.cafe.submit([Hear(peer=BARN, body=charge, message=words.decode(charge))], pair.now)
    asked = uuid4()
    back = structs.replace(
        leg, id=asked, amount=100, state="intent", got=0,
        ask=words.encode(words.Refund(id=asked, made=1, charge=leg.id, amount=100)),
    )  # fmt: skip
    refund = Payment(id=uuid4(), kind="refund", made=1, deadline=2, legs=(back,))
    (outcome,) = pair.barn.submit([Begin(payment=refund)], pair.now)
    assert outcome.why == "insufficient"
    pair.barn.submit([GiveUp(payment=doubtful)], pair.now)
    assert pair.go_on(doubtful).legs[0].state == "reversed"


def test_what_was_presented_is_never_called_undone(pair: Pair) -> None:
    """A node that forgot an offline payment finds its line and cancels it: it is told the truth."""
    charge = uuid4()
    pair.cafe.kept_grants[charge] = grant = _grant(charge)
    pair.barn.kept_grants[charge] = grant
    made = int(pair.now.timestamp() * 1000)
    present = words.Present(
        id=charge,
        made=made,
        grant=grant.id,
        asset=BEANS,
        epoch=1,
        handle="h",
        card="",
        amount=200,
        taken=made,
    )
    pair.say(pair.barn, pair.cafe, words.encode(present))
    (answer,) = pair.say(pair.barn, pair.cafe, words.encode(words.Cancel(id=charge, made=made)))
    assert isinstance(answer, words.Receipt)
    assert answer.outcome == "posted"
    assert pair.owed() == 200


def test_a_presentation_that_comes_again_after_a_refund_gets_the_same_answer(pair: Pair) -> None:
    payment = pair.begin(200)
    leg = pair.go_on(payment).legs[0]
    refund = words.encode(words.Refund(id=uuid4(), made=1, charge=leg.id, amount=50))
    made = int(pair.now.timestamp() * 1000)
    present = words.encode(
        words.Present(
            id=leg.id,
            made=made,
            grant=uuid4(),
            asset=BEANS,
            epoch=1,
            handle="h",
            card="",
            amount=200,
            taken=made,
        )
    )
    first = pair.cafe.submit([Hear(peer=BARN, body=present, message=words.decode(present))], pair.now)
    pair.cafe.submit([Hear(peer=BARN, body=refund, message=words.decode(refund))], pair.now)
    again = pair.cafe.submit([Hear(peer=BARN, body=present, message=words.decode(present))], pair.now)
    assert first[0].answers == again[0].answers


def test_a_payment_whose_own_part_was_freed_meanwhile_is_undone(pair: Pair) -> None:
    """The barn is down until its own hold has ended; the issuer's yes comes after that."""
    own = uuid4()
    pair.barn.ledger.currencies[own] = Asset(own, "hay", "money", "local")
    pair.barn.ledger.people.add(pair.wallet)
    load = ask.Load(
        id=uuid4(), content="load", kind="top_up", asset=own, to=ask.Holder(pair.wallet), amount=1_000
    )
    pair.ledger(pair.barn, load)
    local = ask.Spend(
        id=uuid4(), content="local", payers=(ask.Holder(pair.wallet),), lines=(ask.Line("", 300),),
        until=pair.now + timedelta(minutes=5),
    )  # fmt: skip
    payment = pair.begin(400, "hold", local)
    pair.now += timedelta(minutes=6)
    pair.ledger(pair.barn, hold_is_over(local.id))
    row = pair.go_on(payment)
    assert row.state == "failed"
    assert row.legs[0].state == "cancelled"
    assert [one.what for one in pair.barn.alarms] == ["local_part"]


def _grant(grant_id: UUID) -> GrantKept:
    return GrantKept(
        id=grant_id, issuer=CAFE, acceptor=BARN, asset=BEANS, per_tap=1_000, per_card=1_000,
        per_card_day=1_000, node_max=1_000, since=0, until=2**45, hotlist_age=86_400, bearer="issuer",
    )  # fmt: skip
