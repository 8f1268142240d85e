"""The exact bytes of an activity of ours: context and proof added, the same however often they are made."""

import uuid
from collections import OrderedDict
from collections.abc import Iterable

import msgspec

from federation.delivery.due import Unsealed
from federation.documents.context import activity_context
from federation.proofs import prove
from federation.signatures.algorithms import SigningKey

MOST_KEPT = 2000


def seal(activity: Unsealed, key: SigningKey) -> bytes:
    """The activity with its context and a proof dated from its creation: deterministic, so that a second
    attempt after a crash sends the same bytes."""
    if activity.sealed is not None:
        return activity.sealed
    document = {"@context": activity_context(), **activity.body}
    return msgspec.json.encode(prove(document, key, activity.created_at))


class SealedBodies:
    """Bodies by activity, the last ones kept in memory; says which were made here and are not stored yet."""

    def __init__(self, key: SigningKey) -> None:
        self._key = key
        self._kept: OrderedDict[uuid.UUID, bytes] = OrderedDict()
        self._made: dict[uuid.UUID, bytes] = {}
        self._stale: set[uuid.UUID] = set()

    def use(self, key: SigningKey) -> None:
        """Seal with another key; what was sealed before is sealed anew when it is read again."""
        self._key = key
        self._made = {}
        self._stale = set(self._kept.copy())

    def missing(self, ids: Iterable[uuid.UUID]) -> list[uuid.UUID]:
        """Those that must be read and given to `add`."""
        return [one for one in dict.fromkeys(ids) if one not in self._kept or one in self._stale]

    def add(self, activities: Iterable[Unsealed]) -> None:
        """Seal and keep these."""
        for activity in activities:
            body = seal(activity, self._key)
            self._kept[activity.id] = body
            self._stale.discard(activity.id)
            if activity.sealed is None:
                self._made[activity.id] = body

    def body(self, activity_id: uuid.UUID) -> bytes:
        """The bytes to send. Raises KeyError when the activity was never added."""
        return self._kept[activity_id]

    def to_store(self) -> dict[uuid.UUID, bytes]:
        """Bodies made since the last call, to be written beside their activity."""
        made, self._made = self._made, {}
        return made

    def forget_oldest(self, needed: set[uuid.UUID]) -> None:
        """Give memory back, but for what is `needed` now."""
        for one in list(self._kept):
            if len(self._kept) <= MOST_KEPT:
                return
            if one not in needed:
                del self._kept[one]
                self._stale.discard(one)
