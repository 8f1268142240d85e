"""A payment in the words of a till."""

from wallet.between.shapes import Payment
from wallet.village_schemas import Part, Told


def told(payment: Payment, missing: int = 0, refunded: int = 0) -> Told:
    """`ok` once the till may be told so, `failed` once nothing will be taken, else `waiting`."""
    return Told(
        id=payment.id,
        state=state_of(payment),
        amount=payment.amount,
        parts=[*_here(payment), *_parts(payment)],
        why="" if payment.is_paid else payment.why.partition(" ")[0],
        missing=missing,
        left=_left(payment),
        is_offline=payment.taken > 0,
        refunded=refunded,
    )


def state_of(payment: Payment) -> str:
    """What the till shows."""
    if payment.is_paid:
        return "ok"
    return "failed" if payment.state in {"failed", "undo"} else "waiting"


def _here(payment: Payment) -> list[Part]:
    if not payment.local_amount:
        return []
    state = {"ok": "taken", "failed": "freed", "waiting": "held"}[state_of(payment)]
    return [Part("", "", payment.local_amount, state, payment.local)]


def _parts(payment: Payment) -> list[Part]:
    return [Part(leg.issuer, leg.asset, leg.amount, leg.state, leg.id) for leg in payment.legs]


def _left(payment: Payment) -> int | None:
    known = [leg.left for leg in payment.legs if leg.left is not None]
    return sum(known) if known else None
