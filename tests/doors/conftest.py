"""A furnished node, knocked at: its rows before and after, and what its refusals must look like."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from kit.app import App
from tests.doors.knocking import Node, furnish


@pytest.fixture
def node(app: App, new_client: Callable[[], TestClient]) -> Node:
    """A node with an administrator, a token of every scope, an event, a place and a tag."""
    return furnish(app, new_client)
