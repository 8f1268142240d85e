"""What `hameau verify` looks at in this room."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from kit.features import Check
from wallet.federated.signed import signed
from wallet.verify.accounts import accounts, guards, undoings
from wallet.verify.chain import Replay
from wallet.verify.heads import heads
from wallet.verify.village import guards as village_guards
from wallet.verify.village import village
from wallet.verify.village_told import told


def ledger(session: Session) -> Iterator[tuple[str, str]]:
    """Every link again, then every balance, then what links mean to each other."""
    replay = Replay()
    yield from replay.links(session)
    yield from accounts(session, replay)
    yield from undoings(session)


CHECKS = (
    Check("ledger", ledger),
    Check("ledger heads", heads),
    Check("ledger guards", guards),
    Check("money between nodes", village),
    Check("what neighbours told", told),
    Check("what neighbours signed", signed),
    Check("guards between nodes", village_guards),
)
