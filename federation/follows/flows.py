"""Following by address: found first (network), asked then (one transaction)."""

from federation.exchange import exchange_of
from federation.follows import service
from federation.models.follows import Following
from kit.app import App


async def follow(app: App, text: str) -> Following:
    """Follow whoever `text` names: an address, `@name@host`, or the bare address of a site.

    Raises what discovery and the service refuse.
    """
    exchange = exchange_of(app)
    found = await exchange.discovery.find(text)
    return await app.db.awrite(lambda session: service.follow(session, exchange.identity.actor, found.uri))


async def unfollow(app: App, actor: str) -> None:
    """Ask for no more messages of `actor`. Raises NotFollowed."""
    own = exchange_of(app).identity.actor
    await app.db.awrite(lambda session: service.unfollow(session, own, actor))
