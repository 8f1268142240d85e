"""Village money on screen: what is owed, payments step by step, alarms, statements, and who may see them."""

import json
import re
from hashlib import sha256
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from kit.app import App
from tests.factories.money import Till
from tests.people.browsers import sign_in
from tests.wallet.village.scene import Scene, never_asked
from wallet.between.envelope import check, read_evidence
from wallet.federated.bundling import bundle

VILLAGE = "/admin/money/village"
TOURNEVIS = f"{VILLAGE}/tournevis.example"
TOLD = {
    "paid": (
        "It is paid.",
        "We asked L’Atelier Tournevis for €16.40.",
        "L’Atelier Tournevis paid €16.40.",
        "Line 4 of its statement. It owes us €56.70 since then.",
        "The till was told: paid.",
    ),
    "refund": (
        "The money is back on the card.",
        "L’Atelier Tournevis gave €2.40 back to the card.",
    ),
    "refused": (
        "It is not paid.",
        "It is more than one payment may take.",
        "The till was told: not paid.",
    ),
    "lost": (
        "The neighbour must still confirm.",
        "The neighbour did not answer in time.",
        "We asked La Grange aux Belles to take the payment back.",
        "We wait for La Grange aux Belles",
    ),
    "late": ("We do not know yet.",),
    "found": (
        "Nobody at our place asked for this payment.",
        "The statement of L’Atelier Tournevis says €1.30.",
    ),
}


def plain(html: str) -> str:
    """The words of a page, one space between them."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def named_in(html: str) -> set[str]:
    """The payments that a page leads to."""
    return set(re.findall(rf'{VILLAGE}/payments/([0-9a-f-]{{36}})"', html))


def test_the_landing_says_who_owes_what_and_what_to_do_first(treasurer: TestClient, scene: Scene) -> None:
    page = plain(treasurer.get(VILLAGE).text)
    for words in (
        "To do 4", "1 alarm that nobody has seen", "Did €20.00 arrive?", "2 payments in doubt",
        "A limit with La Grange aux Belles is nearly full",
        "L’Atelier Tournevis It answers", "La Grange aux Belles It does not answer",
        "€55.60 of €300.00 at most", "€37.70 of €300.00 at most", "2 payments since 9:13 pm",
    ):  # fmt: skip
        assert words in page


def test_a_house_without_neighbours_says_so(treasurer: TestClient, till: Till) -> None:
    assert "No money with neighbours yet" in treasurer.get(VILLAGE).text
    assert "Nothing waits" in treasurer.get(f"{VILLAGE}/payments").text
    assert "Nothing asks for a person." in treasurer.get(f"{VILLAGE}/alarms").text


def test_a_neighbour_has_both_directions_its_limits_and_what_both_signed(
    treasurer: TestClient, scene: Scene
) -> None:
    page = plain(treasurer.get(TOURNEVIS).text)
    for words in (
        "L’Atelier Tournevis owes us", "We owe L’Atelier Tournevis", "One payment €50.00 at most",
        "One card in a day €100.00 at most", "Within a minute €400.00 at most", "to line 6",
        "€34.30 fall on both sides", "I pay what we owe from our bank.", "Waiting for us",
    ):  # fmt: skip
        assert words in page
    assert treasurer.get(f"{VILLAGE}/nobody.example").status_code == 404


def test_limits_used_today_are_told_by_card_and_by_minute(treasurer: TestClient, scene: Scene) -> None:
    scene.workshop.tapped_there(700)
    page = plain(treasurer.get(TOURNEVIS).text)
    assert "today 1 card, €7.00" in page
    assert "now €7.00" in page


@pytest.mark.parametrize("name", TOLD)
def test_a_payment_is_told_step_by_step(treasurer: TestClient, scene: Scene, name: str) -> None:
    page = plain(treasurer.get(f"{VILLAGE}/payments/{getattr(scene, name).id}").text)
    for words in TOLD[name]:
        assert words in page


def test_a_lost_answer_comes_late_and_the_page_says_that_it_came_back(
    treasurer: TestClient, scene: Scene
) -> None:
    scene.barn.drive(scene.lost.id)
    page = plain(treasurer.get(f"{VILLAGE}/payments/{scene.lost.id}").text)
    for words in (
        "It is not paid. Nothing was taken",
        "La Grange aux Belles confirmed: it is back on the card.",
    ):
        assert words in page


def test_what_a_neighbour_asked_of_us_is_told_with_the_exact_words(
    treasurer: TestClient, scene: Scene
) -> None:
    page = treasurer.get(f"{VILLAGE}/payments/{scene.there}").text
    for words in ("L’Atelier Tournevis asked for €11.20.", "We paid €11.20.", "Line 3 of our statement."):
        assert words in plain(page)
    assert "&#34;t&#34;:&#34;charge&#34;" in page


def test_payments_are_found_by_state_point_day_and_number(treasurer: TestClient, scene: Scene) -> None:
    def rows(query: str) -> set[str]:
        return set(
            re.findall(
                rf"{VILLAGE}/payments/([0-9a-f-]{{36}})\"", treasurer.get(f"{VILLAGE}/payments?{query}").text
            )
        )

    waiting = {str(one.id) for one in (scene.lost, scene.late, scene.found)}
    assert rows("") == rows("state=waiting") == waiting
    assert rows("state=doubt") == {str(scene.lost.id), str(scene.late.id)}
    assert rows("state=failed") == {str(scene.refused.id)}
    assert len(rows("state=all")) == 11
    assert rows("q=buvette") == {str(scene.lost.id), str(scene.late.id)}
    assert len(rows("since=2026-11-18&until=2026-11-18")) == 5
    assert rows("state=all&since=2031-01-01") == set()
    for named in (scene.paid.id, scene.paid.legs[0].id):
        answer = treasurer.get(f"{VILLAGE}/payments?q={named}")
        assert answer.headers["location"] == f"{VILLAGE}/payments/{scene.paid.id}"
    assert "I write a day." in treasurer.get(f"{VILLAGE}/payments?since=soon").text
    assert treasurer.get(f"{VILLAGE}/payments/{uuid4()}").status_code == 404


def test_a_long_list_of_payments_comes_in_pages(treasurer: TestClient, scene: Scene) -> None:
    for _number in range(40):
        scene.workshop.begin(100)
    path, found = f"{VILLAGE}/payments?state=waiting", set[str]()
    while path:
        page = treasurer.get(path).text
        found |= named_in(page)
        following = re.search(r'href="([^"]*)" rel="next"', page)
        path = following[1].replace("&amp;", "&") if following else ""
    assert len(found) == 43


def test_the_proof_of_a_payment_can_be_checked_by_others(treasurer: TestClient, scene: Scene) -> None:
    answer = treasurer.get(f"{VILLAGE}/payments/{scene.paid.id}/evidence")
    assert "attachment" in answer.headers["content-disposition"]
    told = answer.json()
    assert told["asked"][0]["hash"] == sha256(told["asked"][0]["body"].encode()).hexdigest()
    (line,) = told["lines"]
    assert line["hash"] == sha256(line["body"].encode()).hexdigest()
    (shown,) = told["evidence"]
    evidence = read_evidence(json.dumps(shown).encode())
    check(evidence, scene.workshop.is_right)
    assert evidence.item.startswith(b'{"t":"receipt"')
    assert treasurer.get(f"{VILLAGE}/payments/{scene.there}/evidence").json()["answers_of_ours"]


def test_the_proofs_of_a_neighbour_are_one_file(treasurer: TestClient, scene: Scene) -> None:
    """What such a file proves is in test_bundle.py; the neighbours of this scene sign nothing real."""
    assert "hameau verify --bundle tournevis.example-bundle.json" in plain(treasurer.get(TOURNEVIS).text)
    file = treasurer.get(f"{TOURNEVIS}/bundle")
    assert file.headers["content-disposition"] == 'attachment; filename="tournevis.example-bundle.json"'
    with scene.app.db.read() as session:
        whole = json.loads(bundle(session, scene.app.settings.node.url, "https://tournevis.example"))
    found = file.json()
    assert found["evidence"]
    assert found["lines"]
    assert {**found, "made": 0, "sum": ""} == {**whole, "made": 0, "sum": ""}
    assert treasurer.get(f"{VILLAGE}/nobody.example/bundle").status_code == 404


def test_the_same_alarm_is_one_until_somebody_has_seen_it(treasurer: TestClient, scene: Scene) -> None:
    never_asked(scene.workshop, 75)
    never_asked(scene.workshop, 85)
    page = treasurer.get(f"{VILLAGE}/alarms").text
    assert page.count("never asked for") == 1
    assert "3 times, the last one on" in plain(page)
    number = re.search(r"alarms/(\d+)/seen", page)
    assert number is not None
    treasurer.post(f"{VILLAGE}/alarms/{number[1]}/seen")
    never_asked(scene.workshop, 95)
    page = treasurer.get(f"{VILLAGE}/alarms").text
    assert page.count("never asked for") == 1
    assert "times, the last one" not in plain(page)


def test_an_alarm_says_what_to_do_and_stays_when_it_was_seen(treasurer: TestClient, scene: Scene) -> None:
    page = treasurer.get(f"{VILLAGE}/alarms").text
    assert "never asked for" in page
    number = re.search(r"alarms/(\d+)/seen", page)
    assert number is not None
    assert treasurer.post(f"{VILLAGE}/alarms/{number[1]}/seen").status_code == 303
    assert "never asked for" not in treasurer.get(f"{VILLAGE}/alarms").text
    assert "Seen on" in treasurer.get(f"{VILLAGE}/alarms?all=true").text
    assert treasurer.post(f"{VILLAGE}/alarms/999/seen").status_code == 404
    assert treasurer.get(f"{VILLAGE}/alarms/999/item").status_code == 404


def test_lines_and_their_statement_show_both_signatures(
    app: App, treasurer: TestClient, scene: Scene, till: Till
) -> None:
    theirs, ours = (f"{TOURNEVIS}/lines/{one}" for one in (scene.workshop.theirs, till.local))
    page = plain(treasurer.get(theirs).text)
    assert "Points that both have signed" in page
    assert "Line 6, €55.60" in page
    assert "−€2.40" in page
    assert "We owe L’Atelier Tournevis" in treasurer.get(ours).text
    printed = treasurer.get(f"{theirs}/statement?since=2026-11-01&until=2026-11-30").text
    for words in (
        "Before the first line €0.00",
        "After the last line €55.60",
        "Signature of Le Café d’essai",
    ):
        assert words in plain(printed)
    with app.db.read() as session:
        assert scene.workshop.last_signature(session).hex() in printed
    assert "Nothing moved on these days." in treasurer.get(f"{theirs}/statement?since=2031-01-01").text
    assert "I write a day." in treasurer.get(f"{theirs}/statement?since=soon").text
    assert treasurer.get(f"{TOURNEVIS}/lines/{uuid4()}").status_code == 404


def test_lines_leave_as_a_table_and_as_a_proof(treasurer: TestClient, scene: Scene) -> None:
    path = f"{TOURNEVIS}/lines/{scene.workshop.theirs}"
    table = treasurer.get(f"{path}/table").text.splitlines()
    assert len(table) == 7
    assert table[4].split(",")[5:8] == ["16.40", "56.70", "yes"]
    told = treasurer.get(f"{path}/proof").json()
    assert len(told["lines"]) == 6
    theirs, ours = (read_evidence(json.dumps(one).encode()) for one in told["evidence"])
    check(theirs, scene.workshop.is_right)
    assert (theirs.peer, ours.peer) == (scene.workshop.origin, scene.workshop.me)


def test_a_cashier_sees_payments_and_nothing_else_of_neighbours(
    app: App, client: TestClient, scene: Scene
) -> None:
    sign_in(app, client, "cam@example.org", "cashier")
    assert "The till was told: paid." in client.get(f"{VILLAGE}/payments/{scene.paid.id}").text
    assert "Neighbours" in client.get("/admin/money/wallets").text
    for path in (VILLAGE, TOURNEVIS, f"{VILLAGE}/alarms", f"{VILLAGE}/payments/{scene.paid.id}/evidence"):
        assert client.get(path).status_code == 403


def test_money_is_paused_and_goes_on(app: App, treasurer: TestClient, scene: Scene) -> None:
    assert treasurer.post(f"{TOURNEVIS}/pause").status_code == 303
    assert "Paused by us" in treasurer.get(TOURNEVIS).text
    assert scene.workshop.tap(100).why == "paused"
    assert treasurer.post(f"{TOURNEVIS}/resume").status_code == 303
    assert scene.workshop.tap(100).state == "ok"
