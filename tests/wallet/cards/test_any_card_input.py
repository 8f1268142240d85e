"""Any form at every page of cards and batches: a page, a redirection or a named refusal; never a fault."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from kit.app import App
from kit.ids import new_id
from kit.web import Door
from tests.people.browsers import add_person, sign_in
from tests.wallet.cards.holders import CHIP, add_card, add_currency, rows
from tests.wallet.cards.test_batches import bring
from wallet.pages import batches, card_backs, card_owners, cards

DOORS = (*cards.DOORS, *card_owners.DOORS, *batches.DOORS, *card_backs.DOORS)
LINES = (
    "uid;number;balance\n04A21B4C;9;5\n",
    "UID\n04A2\n",
    "\ufeffsolde,uid\n1,2,3\n",
    "uid\r\x00",
    '"uid\n',
)
NASTY = st.text(max_size=40) | st.sampled_from(
    ["\x00", "\u202e", "9" * 400, "-1", "on", "nan", "%", "_", "'", '"><script>alert(1)</script>', "/c/",
     "//x/y?e=1&c=2", "http://[", "x" * 5000, CHIP, "0123456789", "hex", "decimal", "true", *LINES]
)  # fmt: skip
FIELDS = st.dictionaries(
    st.sampled_from(
        ["tap", "q", "state", "staff", "page", "batch", "reason", "uid", "number", "code", "notation",
         "proves", "person", "sure", "name", "text", "currency", "account", "total"]
    ),
    NASTY,
    max_size=8,
)  # fmt: skip


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_any_input_gets_a_page_or_a_refusal(app: App, client: TestClient) -> None:
    sign_in(app, client, "odile@example.org", "administrator")
    currency, person = add_currency(app), add_person(app, "lise@example.org")
    card, batch = add_card(app, uid=CHIP), bring(app, rows(("04A21B3C", "1", 100)), currency, 100)
    known = {"currency": str(currency), "person": str(person), "batch": str(new_id()), "name": "Blue"}

    @given(door=st.sampled_from(DOORS), fields=FIELDS, right=st.sets(st.sampled_from(sorted(known))))
    @settings(max_examples=250, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def check(door: Door, fields: dict[str, str], right: set[str]) -> None:
        said = fields | {name: known[name] for name in right}
        owner = batch if "batches" in door.path else card.id
        address = door.path.replace("{id:uuid}", str(owner))
        sent = {"params": said} if door.method == "GET" else {"data": said}
        answer = client.request(door.method, address, **sent)  # type: ignore[arg-type]
        assert answer.status_code < 500, (door.name, said)
        assert "<script>alert(1)" not in answer.text, (door.name, said)
        assert answer.headers.get("location", "/admin/money/").startswith("/admin/money/"), (door.name, said)

    check()
