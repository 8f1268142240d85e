"""People of two nodes who contest lines, and end what they contest."""

from typing import Any
from uuid import UUID, uuid4

from msgspec import structs

from tests.wallet.village.two_nodes import CAFE, EUR, FARM, Node, Street
from wallet.between import messages as m
from wallet.between.completing import proposal_of as proposal_of
from wallet.between.contesting import contest as made_by
from wallet.between.contesting import ending
from wallet.between.events import Confirm, Suggest
from wallet.between.shapes import Clearing, KeptLine, Payment

THERE = {CAFE: FARM, FARM: CAFE}


def line_of(street: Street, payment: Payment) -> m.Line:
    """The line that the café wrote for a payment of the farm's till."""
    ref = str(payment.legs[0].id)
    rows = street.cafe.keeper.rows("SELECT body FROM village_line ORDER BY seq")
    (line,) = [line for (body,) in rows if (line := m.decode_line(bytes(body))).ref == ref]
    return line


def kept(line: m.Line) -> KeptLine:
    body = m.encode(line)
    return KeptLine(line, m.digest(body), body)


def dispute(street: Street, line: m.Line, by: str, amount: int, **more: Any) -> Clearing:
    """Of that line, as a person of `by` would contest it; `more` is what is odd about it."""
    one = made_by(kept(line), by, uuid4(), amount, street.clock.ms, reason="Tapped twice")
    assert one.about is not None
    return structs.replace(one, about=structs.replace(one.about, **more))


def release(street: Street, one: Clearing, by: str, to: Any) -> Clearing:
    """How a person of `by` would end it."""
    return structs.replace(ending(one, uuid4(), to, street.clock.ms), peer=THERE[by])


def suggest(street: Street, by: str, one: Clearing) -> str:
    """Why it was not even said; "" when it waits to be."""
    (outcome,) = street.node(by).does(Suggest(clearing=one))
    return outcome.why


def say(street: Street, by: str, one: Clearing) -> Any:
    """It is said, and answered, and the lines are asked for."""
    answers = street.say(by, THERE[by], m.encode(proposal_of(one)))
    street.say(THERE[by], by, *answers)
    statement(street)
    return m.decode(answers[0])


def statement(street: Street) -> None:
    """The farm asks for every line."""
    asked = m.Statement(id=uuid4(), made=street.clock.ms, asset=EUR, epoch=1, after=0)
    street.say(CAFE, FARM, *street.say(FARM, CAFE, m.encode(asked)))


def contest(street: Street, line: m.Line, by: str, amount: int, **more: Any) -> Clearing:
    """Contested, and signed by both."""
    one = dispute(street, line, by, amount, **more)
    assert suggest(street, by, one) == ""
    assert isinstance(say(street, by, one), m.Signed)
    return one


def end(street: Street, one: Clearing, by: str, to: Any, *, is_right: bool = True) -> Clearing:
    """Offered, answered by a person of the other side, heard."""
    offer = release(street, one, by, to)
    assert suggest(street, by, offer) == ""
    answer(street, offer, by, is_right=is_right)
    return offer


def answer(street: Street, offer: Clearing, by: str, *, is_right: bool = True) -> None:
    """An offer of `by` is heard, waits for a person of the other side, who answers: `by` need not ask."""
    assert isinstance(say(street, by, offer), m.Waiting)
    (outcome,) = street.node(THERE[by]).does(Confirm(clearing=offer.id, is_right=is_right))
    assert not outcome.why
    for _ in range(2):  # told by itself, and perhaps twice
        assert street.say(THERE[by], outcome.to, *outcome.answers) == []
    statement(street)


def state(node: Node, one: UUID) -> tuple[str, str]:
    """Of a dispute or an offer, and why it was refused."""
    return next((row.state, row.why) for row in node.keeper.shown()["clearings"] if row.id == one)
