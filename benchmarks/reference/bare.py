"""Starlette on uvicorn that does nothing: `python -m benchmarks.reference.bare PORT`."""

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route


async def say(request: Request) -> PlainTextResponse:
    """The same short answer to everyone."""
    return PlainTextResponse("ok")


application = Starlette(routes=[Route("/readyz", say), Route("/agenda", say)])

if __name__ == "__main__":
    uvicorn.run(application, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False)
