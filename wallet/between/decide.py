"""The one way in: events and a desk go in; what must be kept and what must be said come out.

Pure: no clock, no network, no randomness; the desk's drawers answer from one moment. The simulator, the node
and the tests call this function and no other.
"""

from collections.abc import Sequence

from msgspec import structs

from wallet.between import accepting, clearing, issuing, mirroring
from wallet.between.desk import Desk
from wallet.between.events import AnyEvent, Begin, Confirm, GiveUp, Hear, Outcome, Suggest, Withdraw
from wallet.between.messages import (
    Abort,
    Ack,
    Agreed,
    Beat,
    Cancel,
    Capture,
    Card,
    Charge,
    Disagree,
    Dispute,
    DisputeOver,
    Held,
    Lines,
    Movements,
    Noted,
    NotSigned,
    Present,
    Propose,
    Receipt,
    Refund,
    Refused,
    Release,
    Revoked,
    Signed,
    Statement,
    Waiting,
    encode,
)


def decide(desk: Desk, events: Sequence[AnyEvent]) -> list[Outcome]:
    """One outcome for each event, in order; later ones see what earlier ones did."""
    return [_with_rows(desk, _one(desk, event)) for event in events]


def _with_rows(desk: Desk, outcome: Outcome) -> Outcome:
    if not outcome.payments:
        return outcome
    return structs.replace(outcome, rows=tuple(desk.payments[one] for one in outcome.payments))


def _one(desk: Desk, event: AnyEvent) -> Outcome:
    if isinstance(event, Begin):
        return accepting.begin(desk, event)
    if isinstance(event, GiveUp):
        return accepting.give_up(desk, event)
    if isinstance(event, Suggest):
        return clearing.suggest(desk, event)
    if isinstance(event, Confirm):
        return clearing.confirm(desk, event)
    if isinstance(event, Withdraw):
        return clearing.withdraw(desk, event)
    return _hear(desk, event)


def _hear(desk: Desk, heard: Hear) -> Outcome:
    message = heard.message
    if isinstance(message, Charge | Cancel | Capture | Release | Present | Refund):
        return Outcome(answers=(issuing.answer(desk, heard, message),))
    if isinstance(message, Receipt):
        return accepting.hear_receipt(desk, heard, message)
    if isinstance(message, Lines):
        return Outcome(payments=mirroring.hear_lines(desk, heard, message))
    if isinstance(message, Signed | NotSigned):
        return clearing.hear_signed(desk, heard, message)
    return _answered(_asked(desk, heard))


def _asked(desk: Desk, heard: Hear) -> bytes | None:
    message = heard.message
    if isinstance(message, Statement):
        return mirroring.statement(desk, heard, message)
    if isinstance(message, Ack):
        return mirroring.hear_ack(desk, heard, message)
    if isinstance(message, Propose | Dispute | DisputeOver):
        return clearing.hear_proposal(desk, heard, message)
    if isinstance(message, Abort):
        return clearing.hear_abort(desk, heard, message)
    if isinstance(message, Beat):
        return _beat(desk, heard, message)
    if isinstance(message, Disagree):
        desk.alarm("disagreement", heard.peer, f"{message.asset} {message.point.seq}", heard.body)
        return None
    if isinstance(message, Refused):
        desk.alarm("refused", heard.peer, message.why)
        return None
    if isinstance(message, Waiting | Noted | Agreed | Revoked | Card | Held | Movements):
        return None  # answers that this desk did not ask for decide nothing
    return encode(Refused(id=message.id, made=message.made, why="not_understood"))


def _beat(desk: Desk, heard: Hear, message: Beat) -> bytes | None:
    """Note which lines there are to ask for; tell the same of ours."""
    for asset, seq in message.heads.items():
        agreed = desk.agreement(heard.peer, asset)
        if agreed is not None and agreed.issuer == heard.peer:
            mirror = desk.mirror(heard.peer, desk.me, asset, agreed.currency)
            desk.raise_seen(mirror, seq)
    if message.is_answer:
        return None
    return encode(beat(desk, heard.peer, message))


def beat(desk: Desk, peer: str, asked: Beat) -> Beat:
    """What we tell a peer about ourselves: where its statements go by now."""
    heads = {
        mirror.asset: mirror.seq
        for _, mirror in sorted(desk.mirrors.items())
        if mirror.issuer == desk.me and mirror.holder == peer
    }
    return Beat(id=asked.id, made=asked.made, version=1, epoch=desk.epoch, heads=heads, is_answer=True)


def _answered(body: bytes | None) -> Outcome:
    return Outcome(answers=(body,)) if body is not None else Outcome()
