"""The back office's village money: what we owe each other, limits, what both signed, what to do next."""

from dataclasses import dataclass

from sqlalchemy.orm import Session
from starlette.responses import Response

from kit import clock
from kit.i18n import _
from kit.web import Call, flow, page, read
from wallet import permissions
from wallet.federated.bundling import bundle
from wallet.pages.village_showing import me, peer_of, village_page
from wallet.queries.village_alarms import count_unseen
from wallet.queries.village_clearings import Cleared, clearings_with, open_clearings
from wallet.queries.village_disputes import count_to_answer
from wallet.queries.village_money import Between, all_between, between
from wallet.queries.village_payments import count_waiting
from wallet.service import village_agreements
from wallet.village_words import CLEARING_KINDS, CLEARING_STATES, why_words

HISTORY = 6
"""Clearings on a neighbour's page; all of them have their own."""


@dataclass(frozen=True)
class Waits:
    """What asks for a person, before anything else is read."""

    alarms: int
    in_doubt: int
    to_answer: list[Cleared]
    nearly_full: list[Between]
    contested: int = 0
    """Offers of how a dispute ends that we have to answer."""

    @property
    def count(self) -> int:
        return (
            bool(self.alarms)
            + bool(self.in_doubt)
            + bool(self.contested)
            + len(self.to_answer)
            + len(self.nearly_full)
        )


@read
def village(call: Call, session: Session) -> Response:
    """Every neighbour that we have money with."""
    now = clock.now()
    found = all_between(session, me(call), now)
    waiting = open_clearings(session, me(call))
    unseen = count_unseen(session)
    waits = Waits(
        sum(unseen.values()),
        count_waiting(session, now)[1],
        [one for one in waiting if one.is_ours_to_answer],
        [one for one in found if any(side.is_nearly_full for side in one.sides)],
        count_to_answer(session),
    )
    return village_page(
        call,
        session,
        "wallet/village.html",
        peers=[one.peer for one in found],
        found=sorted(found, key=_turn),
        waits=waits,
        unseen=unseen,
    )


@read
def neighbour(call: Call, session: Session) -> Response:
    """Both directions with one neighbour, how to settle, and what was settled. Raises NotFound."""
    peer = peer_of(call, session)
    history = clearings_with(session, me(call), peer, most=HISTORY + 1)
    return village_page(
        call,
        session,
        "wallet/village_neighbour.html",
        peers=[peer],
        between=between(session, me(call), clock.now(), peer),
        clearings=history[:HISTORY],
        has_more=len(history) > HISTORY,
        asked=[one for one in open_clearings(session, me(call)) if one.row.peer == peer],
        clearing_kinds=CLEARING_KINDS,
        clearing_states=CLEARING_STATES,
        why_words=why_words,
    )


@read
def proofs(call: Call, session: Session) -> Response:
    """Everything that a neighbour signed to us, as one file for `hameau verify --bundle`. Raises NotFound."""
    peer = peer_of(call, session)
    name = "".join(sign if sign.isalnum() or sign in "-._" else "-" for sign in call.path["peer"])
    headers = {
        "content-disposition": f'attachment; filename="{name}-bundle.json"',
        "cache-control": "no-store",
    }
    return Response(bundle(session, me(call), peer), media_type="application/json", headers=headers)


@flow
def pause(call: Call) -> Response:
    """Nothing new with this neighbour; what is under way goes on. Raises NotFound."""
    return _pause(call, is_pause=True)


@flow
def resume(call: Call) -> Response:
    """New payments again, as far as the neighbour does not pause. Raises NotFound."""
    return _pause(call, is_pause=False)


def _turn(one: Between) -> tuple[bool, bool, str]:
    """What waits first, then what is owed, then the quiet ones."""
    is_owed = any(side.owed for side in one.sides)
    return not one.waiting.count, not is_owed, one.peer


def _pause(call: Call, *, is_pause: bool) -> Response:
    act = village_agreements.pause if is_pause else village_agreements.resume

    def unit(session: Session) -> None:
        peer = peer_of(call, session)
        for side in between(session, me(call), clock.now(), peer).sides:
            if side.agreement is not None:
                act(session, call.principal, peer, side.asset)

    call.app.db.write(unit)
    notice = (
        _("Money with this neighbour is paused.") if is_pause else _("Money with this neighbour goes on.")
    )
    undo = call.url("wallet.village_resume" if is_pause else "wallet.village_pause", peer=call.path["peer"])
    return call.see_other("wallet.village_one", peer=call.path["peer"], notice=notice, undo=undo)


ONE = "/admin/money/village/{peer}"
DOORS = (
    page("GET", "/admin/money/village", "wallet.village", village, needs=permissions.VILLAGE),
    page("GET", ONE, "wallet.village_one", neighbour, needs=permissions.VILLAGE),
    page("GET", f"{ONE}/bundle", "wallet.village_bundle", proofs, needs=permissions.VILLAGE),
    page("POST", f"{ONE}/pause", "wallet.village_pause", pause, needs=permissions.VILLAGE),
    page("POST", f"{ONE}/resume", "wallet.village_resume", resume, needs=permissions.VILLAGE),
)
