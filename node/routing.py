"""Which door a request is for: addresses without a variable part are looked up, the others tried in turn."""

from collections.abc import Iterable
from typing import Any

from starlette.datastructures import URLPath
from starlette.routing import BaseRoute, Match, NoMatchFound, Route
from starlette.types import Receive, Scope, Send

Known = dict[tuple[str, str], Route]


class FixedAddresses(BaseRoute):
    """The routes of fixed addresses, by address and method: a till does not wait for two hundred others.

    What is not found here is left to the routes that follow: they say 404 and 405.
    """

    def __init__(self, routes: Iterable[Route]) -> None:
        self._known: Known = {
            (route.path, method): route
            for route in routes
            if not route.param_convertors
            for method in route.methods or ()
        }

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        route = self._of(scope)
        if route is None:
            return Match.NONE, {}
        return Match.FULL, {"endpoint": route.endpoint, "path_params": {}}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        route = self._of(scope)
        if route is not None:
            await route.app(scope, receive, send)

    def url_path_for(self, name: str, /, **path_params: Any) -> URLPath:
        """Addresses are made by `kit.app.App.url`. Raises NoMatchFound."""
        raise NoMatchFound(name, path_params)

    def _of(self, scope: Scope) -> Route | None:
        if scope["type"] != "http" or scope.get("root_path"):
            return None
        return self._known.get((scope["path"], scope["method"]))
