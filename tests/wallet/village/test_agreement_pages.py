"""The office's pages of agreements and grants, and their API: read, previewed, refused with sentences."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from federation.models.peers import ACTIVE, PAUSED, Peer
from kit import clock
from kit.app import App
from kit.choices import read_choice
from kit.ids import new_id
from tests.factories.money import ODILE, open_till
from tests.people.browsers import sign_in
from tests.wallet.asking import EVERYTHING, program
from wallet.between.messages import Agreed, Grant, Limits, Terms
from wallet.choices import TakingLimits, VillageMoneyRules
from wallet.models.village import VillageAgreement, VillageGrant
from wallet.queries.village_terms import limits_for
from wallet.service import village_agreements as agreements
from wallet.service.village_grants import hear_grant
from wallet.service.village_hearing import hear_agreed, hear_limits

GRANGE, HOST = "https://grange.example", "grange.example"
TERMS, GRANTS = "/admin/money/village/terms", "/admin/money/village/grants"
WRITTEN = {"per_tap": "50", "per_card_day": "150,00", "per_minute": "2000", "node_max": "2 000,00"}
FIGURES = {"per_tap": "15", "per_card": "20", "per_card_day": "30", "node_max": "300", "days": "30"}


@pytest.fixture
def treasurer(app: App, client: TestClient) -> TestClient:
    sign_in(app, client, "odile@example.org", "treasurer", name="Odile")
    return client


@pytest.fixture
def local(app: App, client: TestClient) -> UUID:
    """Our local currency; the Grange is a peer."""
    till = open_till(app)
    befriend(app)
    return till.local


def befriend(app: App, state: str = ACTIVE) -> None:
    def unit(session: Any) -> None:
        session.merge(
            Peer(
                actor_uri=f"{GRANGE}/actor", origin=GRANGE, state=state, gives={}, takes={},
                since=clock.now(), pulled_at=None, pull_etags={},
            )
        )  # fmt: skip

    app.db.write(unit)


def heard(app: App, **changes: Any) -> str:
    """The Grange offers a currency of its own."""
    said: dict[str, Any] = {
        "asset": f"{HOST}/epis", "currency": new_id(), "name": "Épis", "symbol": "€", "nature": "money",
        "reach": "local", "scale": 2, "at_par": True, "per_tap": 5_000, "per_card_day": 15_000,
        "per_minute": 200_000, "node_max": 200_000,
    }  # fmt: skip
    message = Limits(id=new_id(), made=1, rev=1, epoch=1, terms=(Terms(**said | changes),))
    answer = app.db.write(lambda session: hear_limits(session, GRANGE, message))
    assert isinstance(answer, Agreed)
    return str((said | changes)["currency"])


def row(app: App, asset: str) -> VillageAgreement:
    with app.db.read() as session:
        return session.get_one(VillageAgreement, (GRANGE, asset))


def ours(app: App) -> str:
    return f"{app.settings.node.url.partition('://')[2]}/local"


def accept(app: App) -> None:
    """The Grange says yes to all that we offered."""

    def unit(session: Any) -> None:
        limits = limits_for(session, GRANGE)
        assert limits is not None
        takes = tuple(one.asset for one in limits.terms)
        hear_agreed(session, GRANGE, Agreed(id=limits.id, made=limits.made, rev=limits.rev, takes=takes))

    app.db.write(unit)


def offer(browser: TestClient, currency: UUID, **changes: str) -> Any:
    return browser.post(f"{TERMS}/{HOST}/{currency}", data=WRITTEN | changes)


def test_a_currency_is_offered_after_its_limits_were_read_again(
    app: App, treasurer: TestClient, local: UUID
) -> None:
    assert "Let them take" in treasurer.get(f"{TERMS}/{HOST}").text
    assert 'value="50.00"' in treasurer.get(f"{TERMS}/{HOST}/{local}").text
    preview = offer(treasurer, local)
    assert preview.status_code == 200
    assert "€2,000.00" in preview.text
    with app.db.read() as session:
        assert session.get(VillageAgreement, (GRANGE, ours(app))) is None
    for _press in range(2):
        assert offer(treasurer, local, sure="yes").status_code == 303
    assert (row(app, ours(app)).node_max, row(app, ours(app)).takes) == (200_000, False)
    assert "On its way" in treasurer.get(TERMS).text
    accept(app)
    assert "They accept it" in treasurer.get(f"{TERMS}/{HOST}").text


def test_a_limit_that_makes_no_sense_has_a_sentence_and_keeps_what_was_written(
    treasurer: TestClient, local: UUID
) -> None:
    wrong = offer(treasurer, local, per_tap="a lot")
    assert wrong.status_code == 422
    assert "I write an amount with digits" in wrong.text
    wrong = offer(treasurer, local, per_tap="200")
    assert "One payment cannot be more than a card pays in a day." in wrong.text
    assert 'value="200"' in wrong.text
    assert offer(treasurer, new_id()).status_code == 404
    assert treasurer.get(f"{TERMS}/nobody.example").status_code == 404


def test_what_a_neighbour_offers_waits_for_our_answer(app: App, treasurer: TestClient, local: UUID) -> None:
    currency = heard(app)
    page = treasurer.get(TERMS).text
    assert "It waits for our answer" in page
    assert "Answer grange.example" in page
    question = treasurer.get(f"{TERMS}/{HOST}/{currency}/take").text
    assert "may owe us €2,000.00 at most" in question
    assert treasurer.post(f"{TERMS}/{HOST}/{currency}/take").status_code == 303
    assert row(app, f"{HOST}/epis").takes
    for act, is_live in (("pause", False), ("resume", True), ("decline", False)):
        assert treasurer.get(f"{TERMS}/{HOST}/{currency}/{act}").status_code == 200
        assert treasurer.post(f"{TERMS}/{HOST}/{currency}/{act}").status_code == 303
        found = row(app, f"{HOST}/epis")
        assert (found.takes and not found.is_paused_here) == is_live
    assert "Currency of a neighbour accepted no more" in treasurer.get(f"{TERMS}/{HOST}").text
    assert treasurer.post(f"{TERMS}/{HOST}/{currency}/dance").status_code == 404


def test_an_offer_is_taken_back_and_made_again(app: App, treasurer: TestClient, local: UUID) -> None:
    offer(treasurer, local, sure="yes")
    accept(app)
    assert "Take back the offer" in treasurer.get(f"{TERMS}/{HOST}/{local}/withdraw").text
    treasurer.post(f"{TERMS}/{HOST}/{local}/withdraw")
    assert row(app, ours(app)).node_max == 0
    page = treasurer.get(f"{TERMS}/{HOST}").text
    assert "Offer it again" in page
    assert "No longer offered" in page


def test_a_currency_with_signs_of_markup_is_shown_as_it_is(
    app: App, treasurer: TestClient, local: UUID
) -> None:
    heard(app, name="<b>Épis</b>")
    assert "<b>Épis</b>" not in treasurer.get(f"{TERMS}/{HOST}").text
    assert "&lt;b&gt;Épis" in treasurer.get(f"{TERMS}/{HOST}").text


def test_an_exchange_that_rests_is_said(app: App, treasurer: TestClient, local: UUID) -> None:
    offer(treasurer, local, sure="yes")
    befriend(app, PAUSED)
    app.db.write(lambda session: agreements.follow_peering(session, GRANGE))
    page = treasurer.get(f"{TERMS}/{HOST}").text
    assert "The exchange with this node rests." in page
    assert "Change the limits" not in page


def test_what_happens_by_itself_is_chosen_on_screen(app: App, treasurer: TestClient, local: UUID) -> None:
    page = treasurer.get(f"{TERMS}/rules").text
    assert "Accept local currencies of my neighbours by default" in page
    usual = {f"grant_{name}": amount for name, amount in FIGURES.items()}
    fields = WRITTEN | usual | {"owed_most": "2000", "offers_local": "true", "village_issuer": GRANGE}
    wrong = treasurer.post(f"{TERMS}/rules", data=fields | {"grant_per_tap": "900"})
    assert wrong.status_code == 422
    assert "One payment cannot be more than what one card may owe." in wrong.text
    stranger = treasurer.post(f"{TERMS}/rules", data=fields | {"village_issuer": "https://nobody.example"})
    assert stranger.status_code == 422
    answer = treasurer.post(f"{TERMS}/rules", data=fields)
    assert answer.status_code == 303
    with app.db.read() as session:
        rules = read_choice(session, VillageMoneyRules)
    assert (rules.offers_local, rules.takes_village, rules.village_issuer) == (True, False, GRANGE)
    assert row(app, ours(app)).node_max == 200_000, "it is offered at once"
    heard(app)
    assert row(app, f"{HOST}/epis").takes


def test_a_grant_is_given_after_the_worst_case_was_read(app: App, treasurer: TestClient, local: UUID) -> None:
    assert "First a neighbour may take one of our currencies." in treasurer.get(f"{GRANTS}/new").text
    offer(treasurer, local, sure="yes")
    accept(app)
    assert "I can lose nothing" in treasurer.get(GRANTS).text
    form = FIGURES | {"what": f"{HOST} {local}", "hours": "24"}
    assert "At most in all" in treasurer.get(f"{GRANTS}/new").text
    preview = treasurer.post(f"{GRANTS}/new", data=form)
    assert "At worst, we lose" in preview.text
    assert "€300.00" in preview.text
    key = re.search(r'name="key" value="(\w+)"', preview.text)
    assert key is not None
    for _press in range(2):
        sure = form | {"sure": "yes", "key": key[1], "bearer": "issuer"}
        assert treasurer.post(f"{GRANTS}/new", data=sure).status_code == 303
    with app.db.read() as session:
        (grant,) = session.query(VillageGrant).all()
    page = treasurer.get(GRANTS).text
    assert "At worst, our cards owe me €300.00" in page
    assert treasurer.get(f"{GRANTS}/{grant.id}/end").status_code == 200
    assert treasurer.post(f"{GRANTS}/{grant.id}/end").status_code == 303
    with app.db.read() as session:
        assert session.get_one(VillageGrant, grant.id).revoked
    assert treasurer.get(f"{GRANTS}/{new_id()}/end").status_code == 404


def test_a_figure_that_makes_no_sense_has_a_sentence(app: App, treasurer: TestClient, local: UUID) -> None:
    offer(treasurer, local, sure="yes")
    form = FIGURES | {"what": f"{HOST} {local}"}
    for changes, sentence in (
        ({"node_max": "3000"}, "It cannot be more than what was agreed while the line works."),
        ({"per_card": "500"}, "One card cannot owe more than all cards together."),
        ({"what": "nobody.example x"}, "I choose one of the answers of the list."),
        ({"days": "999"}, ""),
    ):
        answer = treasurer.post(f"{GRANTS}/new", data=form | changes)
        assert answer.status_code == 422
        assert sentence in answer.text


def test_what_i_may_lose_with_a_neighbour_is_a_sentence(app: App, treasurer: TestClient, local: UUID) -> None:
    heard(app)
    now = int(clock.now().timestamp() * 1000)
    said = Grant(
        id=new_id(), made=now, acceptor=app.settings.node.url, asset=f"{HOST}/epis", per_tap=1_500,
        per_card=2_000, per_card_day=3_000, node_max=30_000, since=now, until=now + 86_400_000,
        bearer="acceptor",
    )  # fmt: skip
    app.db.write(lambda session: hear_grant(session, GRANGE, said))
    page = treasurer.get(GRANTS).text
    assert "At worst, I can lose €300.00 with grange.example." in page
    assert "Stop using it" in page
    treasurer.post(f"{GRANTS}/{said.id}/end")
    assert "At worst, I can lose" not in treasurer.get(GRANTS).text


def test_only_those_who_keep_the_money_with_neighbours_see_it(
    app: App, new_client: Callable[[], TestClient], local: UUID
) -> None:
    for role, status in (("treasurer", 200), ("till_manager", 403), ("cashier", 403), ("agenda_editor", 403)):
        browser = new_client()
        sign_in(app, browser, f"{role}@example.org", role)
        for path in (TERMS, f"{TERMS}/{HOST}", f"{TERMS}/rules", GRANTS, f"{GRANTS}/new"):
            assert browser.get(path).status_code == status, (role, path)


def test_programs_offer_take_pause_and_end(app: App, client: TestClient, local: UUID) -> None:
    asks = program(app, client, "treasurer", *EVERYTHING)
    limits = {"per_tap": 5_000, "per_card_day": 15_000, "per_minute": 200_000, "node_max": 200_000}
    at = f"village/agreements/{HOST}/{local}"

    def put(where: str, status: int = 200, **body: Any) -> Any:
        answer = asks.ask("PUT", where, json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    told = put(at, limits=limits)
    assert (told["code"], told["limits"], told["is_live"]) == (ours(app), limits, False)
    accept(app)
    (listed,) = asks.get("village/agreements")["items"]
    assert (listed["is_live"], listed["is_heard"], listed["peer"]) == (True, True, GRANGE)
    assert put(at, paused=True)["paused_here"]
    assert put(at, paused=False, limits=limits | {"per_tap": 100})["limits"]["per_tap"] == 100
    put(at, 422, limits=limits | {"per_tap": 150_000})
    assert put(at, limits=None)["limits"]["node_max"] == 0
    put(at, 404, takes=True)
    theirs = f"village/agreements/{HOST}/{heard(app)}"
    assert put(theirs, takes=True)["is_live"]
    put(theirs, 409, limits=limits)
    put(f"village/agreements/nobody.example/{local}", 404, takes=True)


def test_programs_give_and_end_grants_and_read_the_worst_case(
    app: App, client: TestClient, local: UUID
) -> None:
    asks = program(app, client, "treasurer", *EVERYTHING)
    body: dict[str, Any] = {"peer": HOST, "asset": str(local)}
    assert asks.ask("POST", "village/grants", json=body).status_code == 404
    app.db.write(lambda session: agreements.offer_terms(session, ODILE, GRANGE, local, TakingLimits()))
    first, again = (asks.post("village/grants", once="a-key", **body) for _twice in range(2))
    assert first == again
    assert (first["node_max"], first["bearer"], first["is_live"]) == (30_000, "issuer", True)
    told = asks.get("village/grants")
    assert [one["most"] for one in told["as_issuer"]] == [30_000]
    assert asks.ask("POST", "village/grants", json=body | {"node_max": 900_000}).status_code == 422
    ended = asks.post(f"village/grants/{first['id']}/revocation", 200)
    assert (ended["is_revoked"], ended["is_live"]) == (True, False)
    assert asks.ask("POST", f"village/grants/{new_id()}/revocation", json={}).status_code == 404
