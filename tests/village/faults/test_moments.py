"""Every moment that a test may name is said in the code, and the code says no other."""

import re

from tests.house import tree
from tests.village.faults.moments import COMMITS, DECIDED, HELD

SAID = re.compile(r'"([a-z]+-[a-z]+)(?:\.(?:before|after))?"')


def test_the_engine_says_every_moment_and_no_other() -> None:
    where = ("wallet/federated/engine.py", "wallet/federated/hearing.py")
    code = "".join((tree.ROOT / one).read_text(encoding="utf-8") for one in where)
    assert set(SAID.findall(code)) == {*COMMITS, *(one.partition(".")[0] for one in (HELD, DECIDED))}
