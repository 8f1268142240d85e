"""What one person alone cannot do at a till, and what a wrong clock does not spoil."""

from datetime import timedelta
from typing import Any

from kit import clock
from tests.pos_api.test_selling import asked, bar, beers, line, paid, till  # noqa: F401 - fixtures
from tests.pos_api.tills import TestTill, named
from tests.sales.counter import Bar


def cups_back(till: TestTill, bar: Bar, many: int) -> dict[str, Any]:  # noqa: F811
    lines = [line(bar, "Gobelet", str(-many))]
    return asked(till, bar, lines=lines, payments=[paid(-100 * many)], total=-100 * many)


def test_a_cashier_does_not_empty_the_drawer_with_deposits(till: TestTill, bar: Bar) -> None:  # noqa: F811
    till.hold("1111")
    assert till.post("/sales", cups_back(till, bar, 50)).status_code == 201
    assert named(till.post("/sales", cups_back(till, bar, 51))) == "right_missing"
    till.hold("3333")
    assert till.post("/sales", cups_back(till, bar, 51)).status_code == 201


def test_what_a_slow_clock_wrote_without_a_line_is_kept(till: TestTill, bar: Bar) -> None:  # noqa: F811
    body = beers(till, bar, paid(600), is_offline=True)
    body["at"] = (clock.now() - timedelta(hours=3)).isoformat()
    assert till.signed("/sales", body).status_code == 201
    late = beers(till, bar, paid(600), is_offline=True)
    late["at"] = (clock.now() + timedelta(hours=17)).isoformat()
    assert named(till.signed("/sales", late)) == "operator_needed"


def test_receipts_by_mail_are_counted(till: TestTill, bar: Bar) -> None:  # noqa: F811
    sale = till.post("/sales", beers(till, bar, paid(600))).json()["sale"]["id"]

    def ask() -> int:
        body = asked(till, bar, way="mail", mail="lou@example.org")
        del body["point"]
        return till.post(f"/sales/{sale}/receipt", body).status_code

    assert [ask() for _ in range(6)] == [201] * 5 + [429]


def test_a_refusal_is_in_the_language_that_was_asked_for(till: TestTill, bar: Bar) -> None:  # noqa: F811
    told = {
        language: till.call("POST", "/taps", {"uid": "04A1B2C3D4E5FF"}, accept_language=language).json()
        for language in ("fr", "en")
    }
    assert told["en"]["detail"] == "This card is not known here."
    assert told["fr"]["detail"] not in ("", told["en"]["detail"])


def test_cash_leaves_the_drawer_with_a_reason(till: TestTill, bar: Bar) -> None:  # noqa: F811
    moved = asked(till, bar, way="out", amount=500, reason=" ")
    assert "reason" in till.post("/cash-movements", moved).json()["errors"]
