"""What a creditor leaves with its debtor: enough for everything that it may still have to give back.

An issuer reverses a charge out of what it owes the acceptor. If all of that could fall by a set-off, or go
back by refunds of charges settled long ago, a payment in doubt could never be undone.
"""

from uuid import UUID

from wallet.between.desk import Desk


def needed_back(desk: Desk, peer: str, asset: str, but: UUID | None = None) -> int:
    """Of what `peer` owes us: what may have to be undone, and what falls by proposals other than `but`.

    Two books a step apart agree on it: whatever is posted later and is in doubt brings its own amount.
    """
    others = {one.id: one for one in desk.drawers.unfallen(peer)}
    others.update({one.id: one for one in desk.clearings.values() if one.peer == peer})
    falling = sum(
        edge.amount
        for one in others.values()
        if one.id != but and one.state != "refused" and one.kind != "release"
        for edge in one.edges
        if (edge.debtor, edge.asset) == (peer, asset)
    )
    return falling + desk.drawers.may_return(peer, asset)
