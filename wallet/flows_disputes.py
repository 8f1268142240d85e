"""What people decide about a line that is not right: contest it, offer how it ends, answer an offer."""

from typing import Literal
from uuid import UUID

from sqlalchemy.orm import Session

from kit import clock
from kit.app import App
from kit.auth import Principal
from kit.errors import Conflict, NotFound
from kit.i18n import Lazy, lazy
from people.audit import record
from people.words import one_line
from wallet.between.contesting import contest, ending, with_evidence
from wallet.between.desk import milliseconds
from wallet.between.events import Confirm, Suggest, Withdraw
from wallet.between.shapes import Clearing, KeptLine
from wallet.flows_village import village_of
from wallet.models.village_dispute import VillageDispute
from wallet.pairing import pairing_of
from wallet.queries.village_disputes import kept_line
from wallet.village_dispute_words import dispute_why
from wallet.village_store.waiting import clearing_by_id

REASON = 140
"""Signs of a reason."""


class NoSuchLine(NotFound):
    name = "no_such_line"
    default = lazy("This line is not known here.")


class NoSuchDispute(NotFound):
    name = "no_such_dispute"
    default = lazy("This dispute is not known here.")


class DisputeRefused(Conflict):
    name = "dispute_refused"
    default = lazy("This cannot be contested, or ended, so.")


async def contest_line(
    app: App, by: Principal, kept: KeptLine, amount: int, *, id: UUID, reason: str = "", evidence: str = ""
) -> UUID:
    """Say that a line is not right; `amount` in minor units. The same id again is the same dispute.

    Raises DisputeRefused with the reason by name.
    """
    made, me = milliseconds(clock.now()), app.settings.node.url
    one = contest(kept, me, id, amount, made, reason=one_line(reason)[:REASON])
    await _suggest(app, by, with_evidence(one, evidence), lazy("Line of a neighbour contested"))
    return id


async def offer_end(
    app: App, by: Principal, dispute_id: UUID, to: Literal["holder", "payer"], *, id: UUID, reason: str = ""
) -> UUID:
    """Offer to a neighbour how a dispute ends. Raises NoSuchDispute, DisputeRefused."""
    known = await app.db.aread(lambda session: clearing_by_id(session, dispute_id))
    if known is None or known.kind != "dispute":
        raise NoSuchDispute
    one = ending(known, id, to, milliseconds(clock.now()), one_line(reason)[:REASON])
    await _suggest(app, by, one, lazy("End of a dispute offered"))
    return id


async def answer_end(app: App, by: Principal, offer_id: UUID, is_right: bool) -> None:
    """Sign how a neighbour would end a dispute, or say no. Raises NoSuchDispute, DisputeRefused."""
    known = await _known(app, offer_id)
    outcome = await village_of(app).tell(Confirm(clearing=offer_id, is_right=is_right))
    if outcome.why:
        raise DisputeRefused(dispute_why(outcome.why), cause=outcome.why)
    verb = lazy("End of a dispute signed") if is_right else lazy("End of a dispute refused")
    await _note(app, by, verb, known.peer, offer_id)


async def withdraw(app: App, by: Principal, named: UUID) -> None:
    """Ask for a dispute or an offer of ours back. Raises NoSuchDispute, DisputeRefused."""
    known = await _known(app, named)
    outcome = await village_of(app).tell(Withdraw(clearing=named))
    if outcome.why:
        raise DisputeRefused(dispute_why(outcome.why), cause=outcome.why)
    await _note(app, by, lazy("Dispute with a neighbour called off"), known.peer, named)


def line_at(session: Session, peer: str, asset: str, epoch: int, seq: int) -> KeptLine:
    """A line of either side, by its number. Raises NoSuchLine."""
    me = pairing_of(session).own
    for side in ((me, peer, asset), (peer, me, asset)):
        if (found := kept_line(session, side, epoch, seq)) is not None:
            return found
    raise NoSuchLine


async def _known(app: App, named: UUID) -> VillageDispute:
    known = await app.db.aread(lambda session: session.get(VillageDispute, named))
    if known is None:
        raise NoSuchDispute
    return known


async def _suggest(app: App, by: Principal, one: Clearing, verb: Lazy) -> None:
    outcome = await village_of(app).tell(Suggest(clearing=one))
    if outcome.why:
        raise DisputeRefused(dispute_why(outcome.why), cause=outcome.why)
    await _note(app, by, verb, one.peer, one.id)


async def _note(app: App, by: Principal, verb: Lazy, peer: str, about: UUID) -> None:
    await app.db.awrite(lambda session: record(session, by, verb, peer, kind="dispute", about_id=about))
