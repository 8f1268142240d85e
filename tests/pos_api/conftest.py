"""A node with operators, and a till that is paired with it."""

import pytest
from starlette.testclient import TestClient

from kit.app import App
from tests.pos_api.tills import TestTill, make_operators, pair


@pytest.fixture
def till(app: App, client: TestClient) -> TestTill:
    """A till that nobody holds yet."""
    make_operators(app)
    return pair(app, client)
