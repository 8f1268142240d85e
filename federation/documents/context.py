"""The `@context` of what we send: known contexts by address, our own terms inline (protocol.md §1).

Never a context address of our own: one that is unreachable makes strict readers fail the whole message.
"""

from typing import Any, Final

from federation.namespace import VIL

AS2: Final = "https://www.w3.org/ns/activitystreams"
DATA_INTEGRITY: Final = "https://w3id.org/security/data-integrity/v2"
CID: Final = "https://www.w3.org/ns/cid/v1"
ACTIVITY_JSON: Final = "application/activity+json"

_SECURITY: Final = {
    "sec": "https://w3id.org/security#",
    "publicKey": {"@id": "sec:publicKey", "@type": "@id"},
    "owner": {"@id": "sec:owner", "@type": "@id"},
    "publicKeyPem": "sec:publicKeyPem",
}
_ACTOR_TERMS: Final = {
    **_SECURITY,
    "toot": "http://joinmastodon.org/ns#",
    "schema": "http://schema.org/",
    "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
    "discoverable": "toot:discoverable",
    "indexable": "toot:indexable",
    "implements": {"@id": "https://w3id.org/fep/844e/implements", "@type": "@id", "@container": "@set"},
    "vil": VIL,
    "upcomingEvents": {"@id": "vil:upcomingEvents", "@type": "@id"},
    "address": "schema:address",
    "PostalAddress": "schema:PostalAddress",
    "streetAddress": "schema:streetAddress",
    "postalCode": "schema:postalCode",
    "addressLocality": "schema:addressLocality",
    "addressCountry": "schema:addressCountry",
}


def actor_context() -> list[Any]:
    """For an actor document."""
    return [AS2, DATA_INTEGRITY, CID, dict(_ACTOR_TERMS)]


def activity_context(**terms: Any) -> list[Any]:
    """For an activity with a proof; `terms` are the further ones that its object uses."""
    return [AS2, DATA_INTEGRITY, {"vil": VIL, **terms}]
