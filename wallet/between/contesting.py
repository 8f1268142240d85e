"""What a person proposes about a line that is not right: that it is contested, and how that ends."""

from typing import Literal
from uuid import UUID

from msgspec import structs

from wallet.between.messages import Edge
from wallet.between.shapes import Clearing, Contested, KeptLine


def contest(kept: KeptLine, me: str, id: UUID, amount: int, made: int, *, reason: str = "") -> Clearing:
    """`amount` of that line stands aside once the other node has signed; `made` in milliseconds."""
    line = kept.line
    return Clearing(
        id=id,
        peer=line.holder if line.issuer == me else line.issuer,
        kind="dispute",
        edges=(Edge(line.issuer, line.holder, line.asset, amount),),
        state="proposed",
        is_ours=True,
        hash="",
        ask=b"",
        made=made,
        reference=reason,
        about=Contested(epoch=line.epoch, seq=line.seq, line=kept.hash),
    )


def with_evidence(dispute: Clearing, evidence: str) -> Clearing:
    """Names what shows the reason: SHA-256 of a file that whoever contests keeps."""
    about = structs.replace(dispute.about, evidence=evidence) if dispute.about else None
    return structs.replace(dispute, about=about)


def ending(
    dispute: Clearing, id: UUID, to: Literal["holder", "payer"], made: int, reason: str = ""
) -> Clearing:
    """What stands aside for `dispute` goes to one of both once the other node's person has signed."""
    about = dispute.about or Contested(epoch=0, seq=0, line="")
    return structs.replace(
        dispute,
        id=id,
        kind="release",
        state="proposed",
        is_ours=True,
        hash="",
        ask=b"",
        made=made,
        reference=reason,
        why="",
        about=structs.replace(about, evidence="", refers=dispute.id, to=to),
    )
