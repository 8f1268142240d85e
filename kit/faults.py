"""Death at a named moment, for tests of what survives: `HAMEAU_KILL_AT=moment[:n]` kills the process there.

Unset, as always in life, a moment costs the call of a function that does nothing. A node with a public
address refuses to start with the variable (`config.settings`). The names that exist are listed, and looked
for in the code, by `tests/village/faults/moments.py`.
"""

import os
import signal
from collections.abc import Callable
from itertools import count

Moment = Callable[[str], None]


def moment_of(asked: str) -> Moment:
    """What to do at each named moment: die at the nth passage of the one that is asked, else nothing.

    `asked` is a name, or a name, a colon and a number from 1. Raises ValueError for another number.
    """
    if not asked:
        return _live_on
    name, _, number = asked.partition(":")
    last = int(number or 1)
    if last < 1:
        raise ValueError(f"HAMEAU_KILL_AT={asked}: moments are counted from 1")
    passages = count(1)

    def die(reached: str) -> None:
        if reached == name and next(passages) == last:
            os.kill(os.getpid(), signal.SIGKILL)

    return die


def _live_on(_name: str) -> None:
    """Life as usual."""


at: Moment = moment_of(os.environ.get("HAMEAU_KILL_AT", ""))
"""Said where a test may want the process to die: `at("payment-begun.before")`."""
