"""A node is killed while people pay; then every payment that was acknowledged must be there, once."""

import signal
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import httpx2

from node.demo.purse import answer_of, card_of, done, expect, holds
from node.demo.village import DemoNode

PAYERS = 8
ACKNOWLEDGED_BEFORE = 60
MOST_EACH = 400
START = 5_000


def payments_survive(node: DemoNode, number: str, asset: str) -> None:
    """Eight people pay one cent after another, the power is cut, the node comes back.

    Raises DemoTrouble unless each acknowledged payment has its exact answer again and took one cent, once.
    """
    said = {"tap": {"number": number}, "asset": asset, "amount": START}
    done(node, "/top-ups", said, "power-cut-load")
    wallet = card_of(node, number)["wallet"]
    before = sum(holds(node, wallet).values())
    sent, answers = _pay_until_the_cut(node, number)
    node.start()
    node.wait_until_ready()
    for key, body in answers.items():
        expect(f"the answer to {key} after the cut", _pay(node, number, key).content, body)
    for key in sent - set(answers):
        _pay(node, number, key).raise_for_status()
    expect("what is left", sum(holds(node, wallet).values()), before - len(sent))


def _pay_until_the_cut(node: DemoNode, number: str) -> tuple[set[str], dict[str, bytes]]:
    """Every key that was sent, and what was answered before the power went."""
    sent: set[str] = set()
    answers: dict[str, bytes] = {}
    enough = threading.Event()

    def pay(payer: int) -> None:
        for turn in range(MOST_EACH):
            key = f"power-cut-{payer}-{turn}"
            sent.add(key)
            try:
                answer = _pay(node, number, key)
            except httpx2.HTTPError:
                return
            answers[key] = answer.raise_for_status().content
            if len(answers) >= ACKNOWLEDGED_BEFORE:
                enough.set()

    with ThreadPoolExecutor(PAYERS) as pool:
        going: Sequence[object] = [pool.submit(pay, payer) for payer in range(PAYERS)]
        enough.wait(timeout=30)
        node.stop(signal.SIGKILL)
    expect("everybody tried", len(going), PAYERS)
    return sent, answers


def _pay(node: DemoNode, number: str, key: str) -> httpx2.Response:
    line = {"label": "Une vis", "amount": 1}
    return answer_of(node, "/spends", {"lines": [line], "payers": [{"tap": {"number": number}}]}, key)
