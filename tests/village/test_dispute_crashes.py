"""Death while a payment between nodes is contested: real processes, killed as either of them writes it down.

Whoever dies, the amount stands aside once, is given back once, and both nodes' books say the same of it.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from pathlib import Path
from uuid import UUID

import httpx2
import pytest

from kit.ids import new_id
from node.demo.browsing import Visit
from tests.village.faults.books import rows
from tests.village.faults.evening import ONE, PATIENCE, Evening, dying
from tests.village.faults.judging import must_verify
from tests.village.faults.money import money_village
from tests.village.faults.nodes import ROOT, ShelteredNode, sheltered
from tests.waiting import until

CARDS = 12
DISPUTES = "/api/v1/disputes"
ROW = "SELECT id, state FROM village_dispute WHERE kind = ? AND reference = ?"
LINES = "SELECT kind, delta FROM village_line WHERE ref = ? ORDER BY seq"


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evening]:
    with sheltered(tmp_path_factory.mktemp("disputes"), seed=3) as village:
        yield Evening(village, money_village(village, CARDS))


def ask(node: ShelteredNode, path: str, said: object) -> None:
    """A person of a node says something, until it is answered or the node dies of it."""
    headers = {"authorization": f"Bearer {node.secrets['api_token']}", "idempotency-key": str(new_id())}
    until("a person is answered", lambda: is_said(node, path, said, headers) or node.dies_within(1), PATIENCE)


def is_said(node: ShelteredNode, path: str, said: object, headers: dict[str, str]) -> bool:
    """Whether the node answered: that it is too busy is no answer, nor that a line has not come yet."""
    address = f"{node.direct}{DISPUTES}{path}"
    with suppress(httpx2.HTTPError):
        answer = httpx2.post(address, json=said, headers=headers, trust_env=False, timeout=15)
        return answer.status_code != 503 and "still_under_way" not in answer.text
    return False


def found(evening: Evening, kind: str, reason: str) -> list[tuple[UUID, str]]:
    """At the issuer, then at the acceptor."""
    nodes = (evening.village.issuer, evening.village.acceptor)
    return [(UUID(bytes=key), state) for node in nodes for key, state in rows(node, ROW, kind, reason)]


def insist(
    evening: Evening, node: ShelteredNode, path: str, said: dict[str, object], wanted: list[str]
) -> None:
    """The person asks again until both nodes say that: whoever died before it wrote knows of nothing."""
    kind = "release" if path.endswith("/end") else "dispute"

    def is_so() -> bool:
        seen = [state for _, state in found(evening, kind, str(said["reason"]))]
        if not seen:
            ask(node, path, said)
        return seen == wanted

    until(f"both hold it for {wanted}", is_so, PATIENCE)


@pytest.mark.parametrize(
    ("who", "contested", "agreed"),
    [
        ("issuer", "", "clearing-signed.after"),
        ("acceptor", "clearing-asked.after", ""),
    ],
)
def test_it_stands_aside_and_goes_back_once_whoever_dies(
    evening: Evening, who: str, contested: str, agreed: str
) -> None:
    """The issuer contests a payment, the acceptor would give it back, the issuer signs; one of them dies."""
    issuer, acceptor = evening.village.issuer, evening.village.acceptor
    victim: ShelteredNode = getattr(evening.village, who)
    evening.be_calm()
    sale = evening.sell(ONE).told()
    evening.rest()
    (leg,) = evening.legs(sale)
    line = "SELECT asset, seq FROM village_line WHERE ref = ? AND kind = 'charge'"
    ((code, seq),) = rows(issuer, line, leg.id)
    said: dict[str, object] = {"peer": acceptor.url, "code": code, "seq": seq, "amount": ONE, "reason": who}
    with dying(evening, victim, contested) if contested else nullcontext():
        ask(issuer, "", said)
    insist(evening, issuer, "", said, ["signed", "signed"])
    evening.rest()
    named = found(evening, "dispute", who)[0][0]
    end: dict[str, object] = {"to": "payer", "reason": f"{who} agrees"}
    insist(evening, acceptor, f"/{named}/end", end, ["waiting", "proposed"])
    offer = found(evening, "release", f"{who} agrees")[0][0]
    with dying(evening, victim, agreed) if agreed else nullcontext():
        ask(issuer, f"/{offer}/agreement", {"agrees": True})
    ask(issuer, f"/{offer}/agreement", {"agrees": True})
    insist(evening, acceptor, f"/{named}/end", end, ["signed", "signed"])
    evening.rest()
    for node in (issuer, acceptor):
        assert rows(node, LINES, str(named)) == [("dispute", -ONE)]
        assert rows(node, LINES, str(offer)) == [("released", ONE), ("returned", -ONE)]
    assert rows(issuer, "SELECT sum(credits - debits) FROM ledger_account WHERE kind = 'disputed'") == [(0,)]
    assert rows(issuer, "SELECT sum(held) FROM ledger_account") == [(0,)]


def test_after_these_deaths_every_ledger_verifies(evening: Evening) -> None:
    evening.be_calm()
    evening.rest()
    must_verify(evening.village)


def look(folder: Path, name: str) -> subprocess.CompletedProcess[str]:
    """What `hameau verify --bundle` says, with nothing but this file."""
    command = [sys.executable, "-m", "node", "verify", "--bundle", name]
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "http_proxy": "http://127.0.0.1:9"}
    return subprocess.run(
        command, cwd=folder, env=env, capture_output=True, text=True, timeout=300, check=False
    )


def test_the_file_that_the_office_gives_out_is_checked_anywhere(evening: Evening, tmp_path: Path) -> None:
    """Taken from the neighbour's page by whoever signed in there, then looked at in an empty directory."""
    issuer, acceptor = evening.village.issuer, evening.village.acceptor
    evening.be_calm()
    evening.rest()
    office, host = Visit(acceptor, "admin_sign_in"), issuer.url.partition("://")[2]
    name = f"{host.replace(':', '-')}-bundle.json"
    assert f"hameau verify --bundle {name}" in office.open(f"/admin/money/village/{host}")
    file = office.open(f"/admin/money/village/{host}/bundle").encode()
    (tmp_path / name).write_bytes(file)
    honest = look(tmp_path, name)
    assert honest.returncode == 0, honest.stdout + honest.stderr
    assert "Everything in this file is in order" in honest.stdout
    assert f"{issuer.url} owes {acceptor.url}" in honest.stdout
    place = file.index(f'"delta":{ONE}'.encode()) + len('"delta":')
    altered = file[:place] + b"9" + file[place + 1 :]
    (tmp_path / name).write_bytes(altered)
    forged = look(tmp_path, name)
    assert (len(altered), forged.returncode) == (len(file), 1)
    assert "First broken" in forged.stdout
    assert [path.name for path in tmp_path.iterdir()] == [name]
