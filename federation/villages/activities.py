"""Which activities villages and peerings answer to, and which facts."""

from collections.abc import Callable, Mapping

from federation.facts import ActorGone, OriginBlocked, PeeringRenewed
from federation.peering import handlers as peering
from federation.villages import handlers as villages
from federation.villages.parting import on_blocked, on_gone
from federation.villages.restoring import on_renewed
from kit.facts import Listener

ACTIVITIES: Mapping[tuple[str, str], Callable[..., None]] = {
    ("Offer", "Relationship"): peering.on_offer,
    ("Accept", "Offer"): peering.on_accept_offer,
    ("Reject", "Offer"): peering.on_reject_offer,
    ("Update", "Relationship"): peering.on_update,
    ("Undo", "Offer"): peering.on_undo_offer,
    ("Invite", "Group"): villages.on_invite,
    ("Reject", "Invite"): villages.on_reject_invite,
    ("Join", "Group"): villages.on_join,
    ("Accept", "Join"): villages.on_accept_join,
    ("Reject", "Join"): villages.on_reject_join,
    ("Add", "*"): villages.on_roster,
    ("Remove", "*"): villages.on_roster,
    ("Update", "OrderedCollection"): villages.on_roster,
    ("Leave", "*"): villages.on_leave,
}
LISTENERS: Mapping[type, tuple[Listener, ...]] = {
    OriginBlocked: (on_blocked,),
    ActorGone: (on_gone,),
    PeeringRenewed: (on_renewed,),
}
