"""The exchange as a feature: its doors, its own activities, its workers."""

from federation import jobs
from federation.actors import telling
from federation.actors.handlers import on_block, on_delete_itself, on_update_itself
from federation.api import follows as api_follows
from federation.api import peers as api_peers
from federation.api import villages as api_villages
from federation.checks import CHECKS
from federation.commands import COMMANDS
from federation.exchange import exchange_of, put_together
from federation.follows.handlers import on_accept, on_follow, on_reject, on_undo, on_undo_follow
from federation.inbox.dispatch import ITSELF
from federation.key_watch import watch
from federation.keys_acts import KEY_COMMANDS
from federation.pages import actor, blocks, follows, groups, inbox, peers, villages, well_known
from federation.peering.pairs import PeerPairs
from federation.permissions import MANAGE
from federation.standing import stand, standing_from
from federation.villages.activities import ACTIVITIES, LISTENERS
from federation.villages.greeter import Greeter
from kit.app import App
from kit.features import Feature
from kit.i18n import lazy
from kit.ports import Pairs


def prepare(app: App) -> None:
    """Put the exchange together and let flows find it."""
    exchange = put_together(app)
    app.ports.give(type(exchange), exchange)
    app.ports.give(Pairs, PeerPairs())
    app.ports.give(
        Greeter, Greeter(app.db, exchange.discovery, exchange.fetcher, exchange.delivery.is_leader)
    )
    stand(app.db, standing_from(app.settings, app.seal, exchange.identity.keys))


async def start(app: App) -> None:
    """Begin to handle, deliver and pull."""
    exchange_of(app).start(watch(app))
    await app.ports.take(Greeter).start()


async def stop(app: App) -> None:
    """End the workers."""
    await app.ports.take(Greeter).stop()
    await exchange_of(app).stop()


FEDERATION = Feature(
    name="federation",
    title=lazy("Exchange with other nodes"),
    charter=lazy("I follow other places, and they follow me."),
    doors=(
        *inbox.DOORS,
        *actor.DOORS,
        *well_known.DOORS,
        *groups.DOORS,
        *api_follows.DOORS,
        *api_peers.DOORS,
        *api_villages.DOORS,
        *villages.DOORS,
        *peers.DOORS,
        *follows.DOORS,
        *blocks.DOORS,
    ),
    activities={
        ("Follow", "*"): on_follow,
        ("Undo", "Follow"): on_undo_follow,
        ("Undo", "*"): on_undo,
        ("Accept", "Follow"): on_accept,
        ("Accept", "*"): on_accept,
        ("Reject", "Follow"): on_reject,
        ("Reject", "*"): on_reject,
        ("Update", ITSELF): on_update_itself,
        ("Delete", ITSELF): on_delete_itself,
        ("Block", "*"): on_block,
        **ACTIVITIES,
    },
    listeners={**LISTENERS, **telling.LISTENERS},
    cli="federation.cli:peer federation.cli:village federation.keys_cli:keys",
    commands={**COMMANDS, **KEY_COMMANDS},
    jobs=jobs.JOBS,
    checks=CHECKS,
    permissions={MANAGE: ()},
    menu=(villages.MENU, peers.MENU),
    prepare=prepare,
    start=start,
    stop=stop,
)
