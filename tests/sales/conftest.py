"""A node whose bar is open."""

from functools import partial

import pytest

from kit.app import App
from tests.factories.money import Till, open_till
from tests.sales.counter import Bar, Opener, open_bar


@pytest.fixture
def open_one(app: App) -> Opener:
    """A function that opens one more point of sale."""
    for feature in app.house.features:
        if feature.prepare:
            feature.prepare(app)
    return partial(open_bar, app)


@pytest.fixture
def bar(open_one: Opener) -> Bar:
    """A point of sale with one till, on a Saturday evening."""
    return open_one()


@pytest.fixture
def money(bar: Bar) -> Till:
    """The four usual currencies."""
    return open_till(bar.app)
