"""The same template with its data in memory: Starlette alone, no database, no checks."""

from collections.abc import Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route


def page_app(render: Callable[[], str]) -> Starlette:
    """One page, rendered anew for each request in a worker thread."""

    def page(_request: Request) -> Response:
        return HTMLResponse(render())

    return Starlette(routes=[Route("/page", page)])


def bytes_app(make: Callable[[], bytes], media_type: str) -> Starlette:
    """One document, encoded anew for each request in a worker thread."""

    def document(_request: Request) -> Response:
        return Response(make(), media_type=media_type)

    return Starlette(routes=[Route("/page", document)])
