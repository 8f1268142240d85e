"""My money at other nodes: what each of them said last, when it was true, what moved there."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session
from starlette.responses import Response

from kit import clock
from kit.i18n import Lazy
from kit.web import Call, flow, page
from wallet.asking import look_elsewhere
from wallet.federated.neighbours import Neighbour, Neighbours
from wallet.pages.my_words import VERBS
from wallet.pages.office_words import MOVE_ICONS
from wallet.pages.showing import money_page
from wallet.queries.personal import wallet_id_of
from wallet.queries.village_mine import FRESH, Elsewhere, Move, elsewhere


@dataclass(frozen=True)
class MoveWords:
    """A movement in words: where it was spent, or what was done."""

    move: Move
    title: str | Lazy
    said: str | Lazy
    icon: str


@dataclass(frozen=True)
class Place:
    """Another node, what I hold there and what moved."""

    node: Neighbour
    held: Elsewhere
    moves: Sequence[MoveWords] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say but that nothing is there."""
        return self.held.state == FRESH and not (self.held.sums or self.held.has_more)


@flow
async def my_elsewhere(call: Call) -> Response:
    """Every place where my wallet is known; they are asked while I wait, for a moment only."""
    person_id: UUID = call.principal.person_id  # type: ignore[assignment]  # the door made sure
    wallet_id = await call.app.db.aread(lambda session: wallet_id_of(session, person_id))
    if wallet_id is not None:
        await look_elsewhere(call.app, wallet_id)
    return await call.app.db.aread(lambda session: _page(call, session, wallet_id))


def places(call: Call, session: Session, wallet_id: UUID | None, *, last: int = 0) -> list[Place]:
    """Those that know my wallet, by name, each with its `last` movements."""
    found = elsewhere(session, wallet_id, last=last) if wallet_id else []
    origins = {one.peer for one in found} | {move.place for one in found for move in one.moves}
    nodes = Neighbours(call.app, session, origins)
    told = [
        Place(nodes.at(one.peer), one, [_words(nodes, one.peer, move) for move in one.moves]) for one in found
    ]
    return sorted(told, key=lambda place: place.node.name.casefold())


def _page(call: Call, session: Session, wallet_id: UUID | None) -> Response:
    found = places(call, session, wallet_id, last=30)
    response = money_page(call, "wallet/my_elsewhere.html", places=found, now=clock.now())
    response.headers["cache-control"] = "no-store"
    return response


def _words(nodes: Neighbours, peer: str, move: Move) -> MoveWords:
    verb = VERBS.get(move.kind, move.kind)
    where = nodes.called(move.place) if "://" in move.place else move.place
    icon = MOVE_ICONS.get(move.kind, "receipt")
    if move.kind in ("charge", "present", "spend", "capture"):
        return MoveWords(move, where or nodes.called(peer), verb, icon)
    return MoveWords(move, verb, where, icon)


DOORS = (
    page(
        "GET", "/my/money/elsewhere", "wallet.my_elsewhere", my_elsewhere,
        needs="signed_in", summary="My money at other places",
    ),
)  # fmt: skip
