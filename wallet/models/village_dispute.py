"""The table of what is contested between two nodes: disputes of a line, and what was offered to end them."""

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base
from kit.db.types import Json
from wallet.models.guards import freeze_columns, let_change


class VillageDispute(Base):
    """A `dispute` of line `seq`, or a `release` that ends the dispute `refers`, by both signatures.

    `edges`: [{debtor, creditor, asset, amount}], the issuer owes. `line`: SHA-256 of the line's bytes.
    `goes_to`, of a release: `holder` or `payer`.
    """

    __tablename__ = "village_dispute"
    __table_args__ = (
        CheckConstraint("state IN ('proposed', 'waiting', 'signed', 'refused')", name="state"),
        CheckConstraint("kind IN ('dispute', 'release')", name="kind"),
        CheckConstraint("goes_to IN ('', 'holder', 'payer')", name="goes_to"),
        Index(None, "peer", "asset", "epoch", "seq"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    peer: Mapped[str]
    kind: Mapped[str]
    asset: Mapped[str]
    epoch: Mapped[int]
    seq: Mapped[int]
    line: Mapped[str]
    edges: Mapped[list[Any]] = mapped_column(Json)
    evidence: Mapped[str]
    refers: Mapped[UUID | None]
    goes_to: Mapped[str]
    state: Mapped[str]
    is_ours: Mapped[bool]
    hash: Mapped[str]
    ask: Mapped[bytes]
    made: Mapped[int]
    reference: Mapped[str]
    why: Mapped[str]


freeze_columns(
    VillageDispute.__table__,
    *("id", "peer", "kind", "asset", "epoch", "seq", "line", "edges", "evidence", "refers", "goes_to"),
    *("is_ours", "hash", "ask", "made", "reference"),
)
let_change(
    VillageDispute.__table__,
    "keeps its answer",
    "NEW.state = OLD.state OR OLD.state IN ('proposed', 'waiting')",
)
