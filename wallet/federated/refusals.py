"""Every "no" to an envelope, by the name that the rules give it, with its status and a sentence."""

from typing import Final

from federation.blocks import Blocked
from federation.refusals import (
    BadSignature,
    MessageRefused,
    OutsideClock,
    UnknownKey,
    WrongDigest,
    WrongHost,
)
from kit.errors import Refusal, TooLarge
from wallet.between.strict import NotHeard


class NotAPeer(Blocked):
    """Signed by a node that no peering binds to this one."""

    name = "not_a_peer"


class Malformed(MessageRefused):
    name = "malformed"


class UnsupportedVersion(MessageRefused):
    name = "unsupported_version"


class NotForUs(WrongHost):
    name, status = "not_for_us", 400


class Stale(OutsideClock):
    name = "stale"


class TooMany(TooLarge):
    name = "too_many"


class OtherHash(WrongDigest):
    name = "other_hash"


NAMED: Final[dict[str, type[Refusal]]] = {
    kind.name: kind
    for kind in (
        BadSignature,
        Malformed,
        NotForUs,
        OtherHash,
        Stale,
        TooLarge,
        TooMany,
        UnknownKey,
        UnsupportedVersion,
    )
}


def refusal_of(trouble: NotHeard) -> Refusal:
    """The same "no", ready for HTTP."""
    return NAMED.get(trouble.name, MessageRefused)(cause=str(trouble))
