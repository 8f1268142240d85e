"""The exchange of one running node: identity, doors' helpers and workers, put together once."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from federation.bells import INBOX, bell
from federation.catch_up.worker import CatchUpWorker
from federation.delivery.posting import Courier
from federation.delivery.sealing import SealedBodies
from federation.delivery.worker import DeliveryWorker, Hands
from federation.discovery.directory import Directory
from federation.discovery.fetching import Fetcher
from federation.discovery.finding import Discovery
from federation.identity import Identity, identity_from, introduce
from federation.inbox.acceptance import Acceptance
from federation.inbox.flood import Flood
from federation.inbox.handling import InboxWorker
from federation.inbox.storing import STORE, Counter, StoreDecider
from federation.keys import KeyRing, open_keys
from kit import clock
from kit.db import Database

if TYPE_CHECKING:
    from kit.app import App


@dataclass(eq=False)
class Exchange:
    """Taken from the app's ports by doors and flows: `call.app.ports.take(Exchange)`."""

    identity: Identity
    directory: Directory
    fetcher: Fetcher
    discovery: Discovery
    acceptance: Acceptance
    inbox: InboxWorker
    delivery: DeliveryWorker
    catch_up: CatchUpWorker
    database: Database
    hands: Hands
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def use_keys(self, keys: KeyRing) -> None:
        """Sign with these keys from now on, and show them."""
        self.identity = replace(self.identity, keys=keys)
        http, proof = keys.http_key(self.identity.actor), keys.proof_key(self.identity.actor)
        self.fetcher.use(http)
        self.hands.courier.use(http)
        self.hands.bodies.use(proof)
        introduce(self.database, self.identity)

    def start(self, watching: Coroutine[Any, Any, None]) -> None:
        """Begin to handle, deliver, pull and watch the keys, in the running event loop."""
        self._tasks = [
            asyncio.create_task(work, name=name)
            for name, work in (
                ("federation.inbox", self.inbox.run()),
                ("federation.delivery", self.delivery.run()),
                ("federation.catch_up", self.catch_up.run()),
                ("federation.keys", watching),
            )
        ]

    async def stop(self) -> None:
        """End the workers; what is on its way may arrive first, what was done is written."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task
        self._tasks = []


def put_together(app: "App") -> Exchange:
    """Open the keys, register the hot kind, connect the parts. Nothing runs yet."""
    keys = open_keys(app.data, app.settings.secret_key, clock.now())
    identity = identity_from(app, keys)
    introduce(app.db, identity)
    app.db.register_kind(STORE, StoreDecider(bell(app.db, INBOX)))
    directory = Directory(app.db)
    fetcher = Fetcher(app.http, keys.http_key(identity.actor))
    discovery = Discovery(app.db, fetcher, directory)
    hands = Hands(
        courier=Courier(app.http, keys.http_key(identity.actor)),
        bodies=SealedBodies(keys.proof_key(identity.actor)),
        on_gone=discovery.look_after,
    )
    delivery = DeliveryWorker(app.db, hands)
    return Exchange(
        identity=identity,
        directory=directory,
        fetcher=fetcher,
        discovery=discovery,
        acceptance=Acceptance(Counter(app.db), directory, discovery, Flood(), delivery.on_message_from),
        inbox=InboxWorker(app.db, app.house.activities, identity.actor),
        delivery=delivery,
        catch_up=CatchUpWorker(app.db, discovery, delivery.is_leader),
        database=app.db,
        hands=hands,
    )


def exchange_of(app: "App") -> Exchange:
    """The exchange of a running node. Raises kit.ports.PortMissing before it was put together."""
    return app.ports.take(Exchange)
