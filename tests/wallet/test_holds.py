"""What was set aside is settled by hand, on the page of its movement."""

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from kit import clock
from kit.app import App
from tests.factories.money import ODILE, Till, open_till
from tests.people.browsers import sign_in
from tests.wallet.pockets import held
from wallet import flows
from wallet.ledger.requests import Holder
from wallet.ledger.shapes import Line
from wallet.schemas import Spending, TopUp


@pytest.fixture
def till(app: App) -> Till:
    """A café with its currencies."""
    return open_till(app)


@pytest.fixture
def treasurer(app: App, client: TestClient) -> TestClient:
    """The browser of the treasurer."""
    sign_in(app, client, "odile@example.org", "treasurer", name="Odile Marchand")
    return client


@pytest.mark.parametrize(("verb", "left"), [("capture", 1_600), ("release", 2_000)])
def test_what_is_set_aside_is_taken_or_let_go_once(
    app: App, treasurer: TestClient, till: Till, verb: str, left: int
) -> None:
    flows.top_up(app, ODILE, TopUp(asset=till.local, amount=2_000, wallet=till.lou))
    lines, payers = (Line("Caution", 400),), (Holder(till.lou),)
    until = clock.now() + timedelta(hours=2)
    aside = flows.spend(app, ODILE, Spending(lines=lines, payers=payers, until=until))
    path = f"/admin/money/transfers/{aside.id}"
    assert "Take the sum" in treasurer.get(path).text
    first, second = (treasurer.post(f"{path}/{verb}") for _press in range(2))
    assert first.status_code == 303
    assert first.headers["location"] == second.headers["location"]
    assert held(app, till.lou) == {"money": left}
    assert "Take the sum" not in treasurer.get(path).text
    other = {"capture": "release", "release": "capture"}[verb]
    assert treasurer.post(f"{path}/{other}").status_code == 409
