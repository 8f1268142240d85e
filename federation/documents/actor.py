"""Actor documents: the node (`Application`) and the villages it founded (`Group`); protocol.md §1 and §4."""

from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape
from typing import Any

from federation.documents.capabilities import generator
from federation.documents.card import HANDLE, GroupCard, NodeCard
from federation.documents.context import actor_context
from federation.keys import ED25519_FRAGMENT, RSA_FRAGMENT
from federation.rotation import ROTATIONS


def actor_document(card: NodeCard) -> dict[str, Any]:
    """The node's actor. Empty values are left out; `card.terms` (further `vil:` properties) are added."""
    return _filled(
        {
            "@context": actor_context(),
            "id": card.actor,
            "type": "Application",
            "preferredUsername": HANDLE,
            "name": card.name,
            "summary": _paragraph(card.summary),
            "url": card.website or f"{card.url}/",
            "published": _written(card.since),
            **_mailboxes(card.actor, card),
            "upcomingEvents": f"{card.url}/federation/upcoming",
            "endpoints": _endpoints(card),
            **_keys(card.actor, card),
            **_looks(card),
            **_manners(card),
            ROTATIONS: [dict(statement) for statement in card.rotations],
            **card.terms,
        }
    )


def group_document(card: NodeCard, group: GroupCard) -> dict[str, Any]:
    """A village: it speaks with the founding node's keys under its own key ids (FEP-521a: one controller)."""
    address = group_address(card.url, group.slug)
    return _filled(
        {
            "@context": actor_context(),
            "id": address,
            "type": "Group",
            "preferredUsername": group.slug,
            "name": group.name,
            "summary": _paragraph(group.summary),
            "url": address,
            "published": _written(group.since),
            "attributedTo": card.actor,
            **_mailboxes(address, card),
            "members": f"{address}/members",
            "endpoints": {"sharedInbox": f"{card.url}/inbox"},
            **_keys(address, card),
            "vil:epoch": group.epoch,
            "vil:charter": _charter(group),
            "generator": generator(card.majors, card.scopes),
            "manuallyApprovesFollowers": True,
        }
    )


def group_address(url: str, slug: str) -> str:
    """Address of a village founded by the node at `url`."""
    return f"{url}/villages/{slug}"


def _mailboxes(actor: str, card: NodeCard) -> dict[str, str]:
    """The node's own are at the root of its site, a village's under its address."""
    beneath = card.url if actor == card.actor else actor
    return {
        "inbox": f"{beneath}/inbox",
        "outbox": f"{beneath}/outbox",
        "followers": f"{beneath}/followers",
    }


def _endpoints(card: NodeCard) -> dict[str, str]:
    ledger = {
        "vil:ledger": f"{card.url}/federation/ledger",
        "vil:evidence": f"{card.url}/federation/evidence/{{id}}",
    }
    return {"sharedInbox": f"{card.url}/inbox", **(ledger if "wallet" in card.scopes else {})}


def _keys(actor: str, card: NodeCard) -> dict[str, Any]:
    return {
        "publicKey": {"id": f"{actor}{RSA_FRAGMENT}", "owner": actor, "publicKeyPem": card.rsa_pem},
        "assertionMethod": [
            {
                "id": f"{actor}{ED25519_FRAGMENT}",
                "type": "Multikey",
                "controller": actor,
                "publicKeyMultibase": card.ed25519_multibase,
            }
        ],
    }


def _looks(card: NodeCard) -> dict[str, Any]:
    return {
        "icon": _image(card.icon, card.icon_type),
        "image": _image(card.image, ""),
        "location": dict(card.place) if card.place else None,
        "vil:kind": card.kind,
        "vil:accent": card.accent,
        "vil:pennant": card.pennant or None,
    }


def _manners(card: NodeCard) -> dict[str, Any]:
    return {
        "manuallyApprovesFollowers": card.approves_followers,
        "discoverable": True,
        "indexable": True,
        "generator": generator(card.majors, card.scopes),
    }


def _image(address: str, media_type: str) -> dict[str, Any] | None:
    return _filled({"type": "Image", "url": address, "mediaType": media_type}) if address else None


def _paragraph(text: str) -> str:
    """AS2 summaries are HTML."""
    return f"<p>{escape(text, quote=False)}</p>" if text else ""


def _charter(group: GroupCard) -> dict[str, Any] | None:
    if not group.charter:
        return None
    return _filled({"type": "Document", "url": group.charter, "vil:sha256": group.charter_hash})


def _filled(members: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is not said."""
    return {name: value for name, value in members.items() if value not in (None, "", [])}


def _written(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
