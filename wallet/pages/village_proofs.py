"""Files of what was signed: whoever has the public keys of both nodes checks them without asking."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID

from msgspec import Raw, json
from sqlalchemy.orm import Session

from kit.app import App
from wallet.between.envelope import Evidence
from wallet.between.messages import digest
from wallet.between.packing import decode as unpacked
from wallet.federated.evidence import evidence_from
from wallet.federated.voice import voice_of
from wallet.models.village import VillageLeg, VillageLine
from wallet.queries.village_asked import asked_of_us
from wallet.queries.village_payments import payment_of
from wallet.queries.village_timeline import Proof, lines_named, proofs_of, timeline_ids


def evidence_file(session: Session, me: str, named: UUID) -> dict[str, Any] | None:
    """What was said about one payment; None when nobody knows of it.

    `asked`: our exact words, each with its hash. `answered`: what neighbours signed. `lines`: exact lines.
    """
    if payment_of(session, named) is None:
        return None
    ids = timeline_ids(session, named)
    legs = [leg for one in ids if (leg := session.get(VillageLeg, one)) is not None]
    return {
        "about": f"hameau payment {named}",
        "node": me,
        "asked": [_said(leg.issuer, leg.ask) for leg in legs if leg.ask],
        "answers_of_ours": [
            _said(one.answer.peer, one.answer.body) for one in asked_of_us(session, me, named)
        ],
        "evidence": shown(proofs_of(session, ids)),
        "lines": [line_json(line) for line in lines_named(session, ids)],
    }


def shown(proofs: Sequence[Proof]) -> list[Raw]:
    """Each item alone with its envelope's signature, in the form that `hameau verify` reads."""
    return [Raw(evidence_from(proof.item, proof.envelope).to_json()) for proof in proofs]


def line_json(line: VillageLine) -> dict[str, Any]:
    """A line's exact bytes as text, and their hash."""
    return {"hash": line.hash, "body": line.body.decode()}


def _said(to: str, body: bytes) -> dict[str, Any]:
    return {"to": to, "hash": digest(body), "body": body.decode()}


def signed_now(app: App, item: bytes, to: str) -> Evidence:
    """Our signature over words of ours, made again: a sender does not keep the envelopes that it sent."""
    voice = voice_of(app)
    sealed = json.decode(voice.seal([item], to))
    return Evidence(
        peer=voice.me,
        to=to,
        kid=sealed["kid"],
        at=sealed["at"],
        item=item,
        hashes=(sha256(item).digest(),),
        root=sealed["root"],
        sig=unpacked(sealed["sig"]),
    )
