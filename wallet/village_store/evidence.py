"""What a peer signed, kept beside what was decided because of it: anybody can check it later."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import insert

from kit.db import Rows, Statement
from kit.ids import new_id
from wallet.between.envelope import Said
from wallet.between.events import AnyEvent, Hear
from wallet.models.village import VillageEnvelope, VillageItem

_ENVELOPES: Final = Statement(
    insert(VillageEnvelope).inline(), "id", "peer", "addressee", "kid", "at", "hashes", "root", "sig"
)
_ITEMS: Final = Statement(insert(VillageItem).inline(), "envelope_id", "n", "kind", "asked", "body")


def evidence_of(proven: Sequence[tuple[Said, Sequence[AnyEvent]]]) -> Iterator[Rows]:
    """One row for each envelope, and one for each of its items that was decided."""
    envelopes, items = [], []
    for said, events in proven:
        key = new_id()
        hashes = b"".join(said.hashes)
        envelopes.append((key, said.peer, said.to, said.kid, said.at, hashes, said.root, said.sig))
        items += [(key, *item) for item in _items(said, events)]
    yield Rows(_ENVELOPES, envelopes)
    yield Rows(_ITEMS, items)


def _items(said: Said, events: Sequence[AnyEvent]) -> Iterator[tuple[Any, ...]]:
    """Each once, however often the envelope says it."""
    places = {body: n for n, body in enumerate(said.items)}
    heard = {one.body: one.message for one in events if isinstance(one, Hear)}
    for body, message in heard.items():
        if body in places:
            yield places[body], message.__struct_config__.tag, message.id, body
