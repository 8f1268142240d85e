"""The steps of money between nodes: one Pass pays everywhere, lines are cut, a node dies, debts fall."""

import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

import httpx2

from node.demo.outsider import KEY
from node.demo.purse import answer_of, currencies, done, expect, verify
from node.demo.steps import LATE, Evening, ask, wait_until
from node.demo.village import DemoNode, DemoTrouble

CARD = {"uid": "04A1B2C3D4E586"}
"""An anonymous card of A that holds nothing yet."""
OTHER = {"uid": "04B7C8D9E0F184"}
"""One of B."""
SPENDS = "/village-spends"
TAKING = 2


def paid(node: DemoNode, amount: int, key: str, card: dict[str, str] = CARD) -> Any:
    """What a till of `node` is told. Raises DemoTrouble unless it is yes."""
    said = tapped(node, amount, key, card).json()
    if said.get("state") != "ok":
        raise DemoTrouble(f"{node.name}: {amount} should be paid, and the till is told {said}")
    return said


def tapped(node: DemoNode, amount: int, key: str, card: dict[str, str] = CARD) -> httpx2.Response:
    """One tap at a till of `node`, whatever it is told."""
    body = {"tap": card, "lines": [{"label": "Galette", "amount": amount}], "point": "Buvette"}
    return answer_of(node, SPENDS, body, key)


def agree(evening: Evening) -> None:
    """Everything that is offered is taken, on both sides, before the first tap."""
    for node in (evening.a, evening.b):
        wait_until(
            f"what {node.name} may take",
            lambda at=node: len(_taken(at)) >= TAKING,  # type: ignore[misc]
            LATE,
        )
    _offer_again(evening)
    wait_until(f"what {_d(evening).name} may take", lambda: len(_taken(_d(evening))) >= 1, LATE)


def load(evening: Evening) -> None:
    """A's card gets A's own money at A, and the network's at the primary C."""
    local, network = currencies(evening.a)["coquilles"], currencies(evening.c)["monnaie-globale"]
    done(evening.a, "/top-ups", {"tap": CARD, "asset": local, "amount": 1000}, "story-a-local")
    wait_until("C knows the card", lambda: _loads(evening.c, network), LATE)
    loriots = currencies(evening.b)["loriots"]
    done(evening.b, "/top-ups", {"tap": OTHER, "asset": loriots, "amount": 5000}, "story-b-local")


def one_tap(evening: Evening) -> None:
    """12.00: 10.00 of A's money and 2.00 of the network's."""
    wait_until("B knows the card", lambda: tapped(evening.b, 1200, "story-tap").status_code == 201, LATE)
    said = paid(evening.b, 1200, "story-tap")
    parts = sorted((one["issuer"], one["amount"]) for one in said["parts"])
    expect("who paid", parts, sorted([(evening.a.url, 1000), (evening.c.url, 200)]))
    again = paid(evening.b, 1200, "story-tap")
    expect("the same tap again", (again["id"], again["state"]), (said["id"], "ok"))


def elsewhere(evening: Evening) -> None:
    """A node of another village knows nothing of A; the primary finds the card by its bare number."""
    node = _d(evening)
    said = paid(node, 300, "story-elsewhere")
    expect("who paid", [(one["issuer"], one["amount"]) for one in said["parts"]], [(evening.c.url, 300)])


def cut_line(evening: Evening) -> None:
    """While A does not answer: refused above the grant, accepted below; presented when the line is back."""
    _fill_again(evening, 4000, "story-refill")
    _spend_network_first(evening)
    _granted(evening)
    with _silent(evening.a):
        big = tapped(evening.b, 2500, "story-big").json()
        expect("above the grant", big.get("state"), "failed")
        small = paid(evening.b, 800, "story-small")
        expect("below the grant", small["is_offline"], True)
    wait_until("it is presented", lambda: _states(evening.b, small["id"]) <= {"presented", "posted"}, LATE)
    wait_until("the big one is over", lambda: _is_over(evening.b, big["id"]), LATE)


def die_in_the_middle(evening: Evening) -> None:
    """C is killed while many tap; every tap that was told yes took its money once, every no took nothing."""
    network = currencies(evening.c)["monnaie-globale"]
    done(evening.c, "/top-ups", {"tap": CARD, "asset": network, "amount": 5000}, "story-more-network")
    with ThreadPoolExecutor(8) as pool:
        taps = [pool.submit(_try, evening.b, f"story-storm-{at}") for at in range(40)]
        evening.c.stop(signal.SIGKILL)
        evening.c.start()
        evening.c.wait_until_ready()
        keys = [one.result() for one in taps]
    for key in keys:
        wait_until(f"{key} is decided", lambda at=key: _decided(evening.b, at), LATE)  # type: ignore[misc]
    ids = [tapped(evening.b, 10, key).json()["id"] for key in keys]
    wait_until("all is settled", lambda: all(_is_over(evening.b, one) for one in ids), 60)


def set_off(evening: Evening) -> None:
    """B's card pays at A, too; what both owe each other falls, signed by both."""
    wait_until(
        "A knows B's card", lambda: tapped(evening.a, 900, "story-back", OTHER).status_code == 201, LATE
    )
    paid(evening.a, 900, "story-back", OTHER)
    before = _owed(evening)
    ask(evening.b, "POST", "/api/v1/clearing/set-offs", {"peer": evening.a.url})
    wait_until("both signed", lambda: _owed(evening) != before and min(_owed(evening)) == 0, LATE)


def agree_at_last(evening: Evening) -> None:
    """Every ledger holds, every mirror says what its issuer says."""
    nodes = [*evening.village, _d(evening)]
    wait_until("mirrors agree", lambda: not _differences(nodes), LATE)
    with ThreadPoolExecutor() as pool:
        told = list(pool.map(verify, nodes))
    expect("every ledger is looked at", [one["checked"]["ledger"] > 0 for one in told], [True] * len(nodes))


def _d(evening: Evening) -> DemoNode:
    return next(node for node in evening.others if node.key == KEY)


def _offer_again(evening: Evening) -> None:
    """D lost all that it was told; C, which lost nothing, says it once more, as a person there would."""
    peer = _d(evening).url.partition("://")[2]
    asset = currencies(evening.c)["monnaie-globale"]
    limits = {"per_tap": 6_000, "per_card_day": 14_000, "per_minute": 190_000, "node_max": 190_000}
    ask(evening.c, "PUT", f"/api/v1/village/agreements/{peer}/{asset}", {"limits": limits})


def _taken(node: DemoNode) -> list[str]:
    agreed = ask(node, "GET", "/api/v1/village/agreements")["items"]
    return [one["asset"] for one in agreed if one["acceptor"] == node.url and one["takes"]]


def _loads(node: DemoNode, asset: str) -> bool:
    return answer_of(
        node, "/top-ups", {"tap": CARD, "asset": asset, "amount": 2000}, "story-network"
    ).is_success


def _fill_again(evening: Evening, amount: int, key: str) -> None:
    local = currencies(evening.a)["coquilles"]
    done(evening.a, "/top-ups", {"tap": CARD, "asset": local, "amount": amount}, key)


def _spend_network_first(evening: Evening) -> None:
    """What is left at C is spent, so that the next taps are A's alone."""
    paid(_d(evening), 1500, "story-rest")


def _granted(evening: Evening) -> None:
    body = {"peer": evening.b.url.partition("://")[2], "asset": currencies(evening.a)["coquilles"]}
    ask(evening.a, "POST", "/api/v1/village/grants", body)
    wait_until(
        "B has the grant", lambda: bool(ask(evening.b, "GET", "/api/v1/village/grants")["items"]), LATE
    )


@contextmanager
def _silent(node: DemoNode) -> Iterator[None]:
    """The node neither answers nor ends, as behind a cut line."""
    if node.process is None:
        raise DemoTrouble(f"{node.name} does not run")
    node.process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        node.process.send_signal(signal.SIGCONT)


def _states(node: DemoNode, payment: str) -> set[str]:
    return {one["state"] for one in ask(node, "GET", f"/api/v1{SPENDS}/{payment}")["parts"]}


def _is_over(node: DemoNode, payment: str) -> bool:
    final = {"posted", "captured", "presented", "declined", "cancelled", "reversed", "taken", "freed"}
    return _states(node, payment) <= final


def _try(node: DemoNode, key: str) -> str:
    with suppress(httpx2.HTTPError):
        tapped(node, 10, key)
    return key


def _decided(node: DemoNode, key: str) -> bool:
    return tapped(node, 10, key).json().get("state") in {"ok", "failed"}


def _owed(evening: Evening) -> tuple[int, int]:
    """What A owes B and B owes A, as B sees it."""
    owed = {evening.a.url: 0, evening.b.url: 0}
    for one in ask(evening.b, "GET", "/api/v1/clearing")["items"]:
        if one["peer"] == evening.a.url:
            owed[one["debtor"]] += one["owed"]
    return owed[evening.a.url], owed[evening.b.url]


def _differences(nodes: list[DemoNode]) -> list[str]:
    """Mirrors that do not say what the issuer says, line number, hash and balance."""
    said: dict[tuple[str, str, str], list[tuple[int, str, int]]] = {}
    for node in nodes:
        for one in ask(node, "GET", "/api/v1/statements/peers")["items"]:
            key = (one["issuer"], one["holder"], one["code"].rpartition("/")[2])
            said.setdefault(key, []).append((one["seq"], one["hash"], one["balance"]))
    return [str(key) for key, points in said.items() if len(points) != 2 or points[0] != points[1]]


STEPS: tuple[tuple[str, Callable[[Evening], None]], ...] = (
    ("nodes agree on what each may take, and how much", agree),
    ("A's card is topped up at A, and at the primary C with the network's money", load),
    ("one tap at B takes from A's money and the network's", one_tap),
    ("a node of another village is paid by the same card", elsewhere),
    ("A's line is cut: B refuses above the grant, accepts below, presents later", cut_line),
    ("C is killed while people tap: each tap is whole, or nothing", die_in_the_middle),
    ("B's card pays at A; what both owe each other falls, signed by both", set_off),
    ("all ledgers hold, all mirrors agree", agree_at_last),
)
