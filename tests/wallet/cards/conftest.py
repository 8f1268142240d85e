"""A node whose ledger decides, as it does once the server runs."""

import pytest

from kit.app import App
from wallet.feature import prepare


@pytest.fixture
def app(app: App) -> App:
    prepare(app)
    return app
