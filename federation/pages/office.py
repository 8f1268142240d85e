"""What the office's pages about other nodes have in common: the permission, the tabs, how an act ends."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.responses import Response

from federation.follows.queries import count_followers, count_followings
from federation.models.origins import Block
from federation.models.peers import Peer
from federation.models.villages import MEMBER, Village
from kit.errors import Refusal
from kit.features import PeerScope
from kit.i18n import Lazy
from kit.web import Call


class Address(Struct):
    """A node, a village, a person to follow: whatever the field says."""

    address: str


def counts(session: Session) -> dict[str, int]:
    """What the tabs show."""
    return {
        "villages": _count(session, select(func.count()).where(Village.state == MEMBER)),
        "peers": _count(session, select(func.count()).select_from(Peer)),
        "follows": count_followers(session) + count_followings(session),
        "blocks": _count(session, select(func.count()).select_from(Block)),
    }


def done(call: Call, act: Callable[[], Any], notice: str, where: str, **params: Any) -> Response:
    """Act, then go on there; a refusal is said there instead."""
    try:
        act()
    except Refusal as refusal:
        return call.see_other(where, notice=refusal.sentence, **params)
    return call.see_other(where, notice=notice, **params)


def scopes_of(call: Call, session: Session) -> list[tuple[PeerScope, list[tuple[str, str]]]]:
    """What the rooms of this house may share, each with its labels."""
    scopes = [scope for feature in call.app.house.features for scope in feature.peer_scopes]
    return [(scope, list(scope.labels(session)) if scope.labels else []) for scope in scopes]


def words_of(
    scopes: list[tuple[PeerScope, list[tuple[str, str]]]],
    shared: Mapping[str, Any],
    words: Mapping[str, Lazy],
) -> str:
    """What one side shares, in a few words; `words` by mode, "{tags}" filled in."""
    said = []
    for scope, labels in scopes:
        setting = shared.get(scope.name) or {}
        names = dict(labels)
        tags = ", ".join(names.get(tag, tag) for tag in setting.get("tags", ()))
        mode = str(setting.get("mode", "none"))
        said.append(str(words.get(mode, words["none"])).format(tags=tags))
    return " · ".join(said)


def _count(session: Session, query: Any) -> int:
    return int(session.scalar(query) or 0)
