"""The tables of agenda."""

import sqlalchemy as sa
from alembic import op

from kit.db import types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agenda_announced",
        sa.Column("uri", types.Str(), nullable=False),
        sa.Column("teller", types.Str(), nullable=False),
        sa.Column("at", types.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("uri", name=op.f("pk_agenda_announced")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("agenda_announced", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agenda_announced_at"), ["at"], unique=False)

    op.create_table(
        "agenda_mark",
        sa.Column("id", types.BigInt(), autoincrement=False, nullable=False),
        sa.Column("version", types.BigInt(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_mark")),
        sqlite_strict=True,
    )
    op.create_table(
        "agenda_origin",
        sa.Column("id", types.Uuid(), nullable=False),
        sa.Column("uri", types.Str(), nullable=False),
        sa.Column("name", types.Str(), nullable=False),
        sa.Column("url", types.Str(), nullable=False),
        sa.Column("accent", types.Str(), nullable=False),
        sa.Column("pennant", types.BigInt(), nullable=False),
        sa.Column("city", types.Str(), nullable=False),
        sa.Column("latitude", types.Real(), nullable=True),
        sa.Column("longitude", types.Real(), nullable=True),
        sa.Column("shown", types.Flag(), nullable=False),
        sa.Column("updated_at", types.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_origin")),
        sa.UniqueConstraint("uri", name=op.f("uq_agenda_origin_uri")),
        sqlite_strict=True,
    )
    op.create_table(
        "agenda_tag",
        sa.Column("id", types.Uuid(), nullable=False),
        sa.Column("name", types.Str(), nullable=False),
        sa.Column("slug", types.Str(), nullable=False),
        sa.Column("icon", types.Str(), nullable=False),
        sa.Column("colour", types.Str(), nullable=False),
        sa.Column("is_own", types.Flag(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_tag")),
        sa.UniqueConstraint("slug", name=op.f("uq_agenda_tag_slug")),
        sqlite_strict=True,
    )
    op.create_table(
        "agenda_place",
        sa.Column("id", types.Uuid(), nullable=False),
        sa.Column("origin_id", types.Uuid(), nullable=True),
        sa.Column("fingerprint", types.Str(), nullable=False),
        sa.Column("slug", types.Str(), nullable=False),
        sa.Column("name", types.Str(), nullable=False),
        sa.Column("street", types.Str(), nullable=False),
        sa.Column("postal_code", types.Str(), nullable=False),
        sa.Column("city", types.Str(), nullable=False),
        sa.Column("country", types.Str(), nullable=False),
        sa.Column("latitude", types.Real(), nullable=True),
        sa.Column("longitude", types.Real(), nullable=True),
        sa.Column("wheelchair", types.Flag(), nullable=False),
        sa.Column("note", types.Str(), nullable=False),
        sa.Column("updated_at", types.UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["origin_id"], ["agenda_origin.id"], name=op.f("fk_agenda_place_origin_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_place")),
        sa.UniqueConstraint("slug", name=op.f("uq_agenda_place_slug")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("agenda_place", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_agenda_place_origin_id_fingerprint"), ["origin_id", "fingerprint"], unique=False
        )

    op.create_table(
        "agenda_event",
        sa.Column("id", types.Uuid(), nullable=False),
        sa.Column("uri", types.Str(), nullable=True),
        sa.Column("origin_id", types.Uuid(), nullable=True),
        sa.Column("url", types.Str(), nullable=False),
        sa.Column("name", types.Str(), nullable=False),
        sa.Column("folded_name", types.Str(), nullable=False),
        sa.Column("slug", types.Str(), nullable=False),
        sa.Column("status", types.Str(), nullable=False),
        sa.Column("status_before", types.Str(), nullable=False),
        sa.Column("status_note", types.Str(), nullable=False),
        sa.Column("status_at", types.UtcTime(), nullable=False),
        sa.Column("status_by", types.Uuid(), nullable=True),
        sa.Column("published_at", types.UtcTime(), nullable=True),
        sa.Column("listed", types.Flag(), nullable=False),
        sa.Column("do_not_share", types.Flag(), nullable=False),
        sa.Column("start", types.UtcTime(), nullable=False),
        sa.Column("end_at", types.UtcTime(), nullable=True),
        sa.Column("until", types.UtcTime(), nullable=False),
        sa.Column("day", types.Str(), nullable=False),
        sa.Column("lasting", types.Flag(), nullable=False),
        sa.Column("timezone", types.Str(), nullable=False),
        sa.Column("description_source", types.Str(), nullable=False),
        sa.Column("description", types.Str(), nullable=False),
        sa.Column("search", types.Str(), nullable=False),
        sa.Column("place_id", types.Uuid(), nullable=True),
        sa.Column("online_url", types.Str(), nullable=False),
        sa.Column("travel", types.Str(), nullable=False),
        sa.Column("audience", types.Str(), nullable=False),
        sa.Column("price", types.Str(), nullable=False),
        sa.Column("is_free", types.Flag(), nullable=False),
        sa.Column("booking_url", types.Str(), nullable=False),
        sa.Column("capacity", types.BigInt(), nullable=True),
        sa.Column("places_left", types.BigInt(), nullable=True),
        sa.Column("wheelchair", types.Flag(), nullable=False),
        sa.Column("hearing_loop", types.Flag(), nullable=False),
        sa.Column("sign_language", types.Flag(), nullable=False),
        sa.Column("quiet", types.Flag(), nullable=False),
        sa.Column("accessibility", types.Str(), nullable=False),
        sa.Column("picture", types.Str(), nullable=False),
        sa.Column("picture_alt", types.Str(), nullable=False),
        sa.Column("picture_url", types.Str(), nullable=False),
        sa.Column("created_at", types.UtcTime(), nullable=False),
        sa.Column("updated_at", types.UtcTime(), nullable=False),
        sa.CheckConstraint(
            "status IN ('draft','published','postponed','cancelled','moved_online','archived','deleted')",
            name=op.f("ck_agenda_event_status"),
        ),
        sa.CheckConstraint("capacity IS NULL OR capacity >= 1", name=op.f("ck_agenda_event_capacity")),
        sa.CheckConstraint("until >= start", name=op.f("ck_agenda_event_order")),
        sa.ForeignKeyConstraint(["origin_id"], ["agenda_origin.id"], name=op.f("fk_agenda_event_origin_id")),
        sa.ForeignKeyConstraint(["place_id"], ["agenda_place.id"], name=op.f("fk_agenda_event_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_event")),
        sa.UniqueConstraint("slug", name=op.f("uq_agenda_event_slug")),
        sa.UniqueConstraint("uri", name=op.f("uq_agenda_event_uri")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("agenda_event", schema=None) as batch_op:
        batch_op.create_index("ix_agenda_event_counted", ["origin_id", "listed", "day"], unique=False)
        batch_op.create_index("ix_agenda_event_ended", ["origin_id", "until", "status"], unique=False)
        batch_op.create_index("ix_agenda_event_lasting", ["listed", "lasting", "until"], unique=False)
        batch_op.create_index(
            "ix_agenda_event_listed", ["listed", "day", "start", "id", "origin_id"], unique=False
        )
        batch_op.create_index("ix_agenda_event_origin", ["origin_id", "status", "day", "start"], unique=False)
        batch_op.create_index("ix_agenda_event_place", ["place_id", "listed", "day"], unique=False)
        batch_op.create_index("ix_agenda_event_start", ["start"], unique=False)
        batch_op.create_index("ix_agenda_event_updated", ["listed", "updated_at", "id"], unique=False)

    op.create_table(
        "agenda_event_tag",
        sa.Column("event_id", types.Uuid(), nullable=False),
        sa.Column("tag_id", types.Uuid(), nullable=False),
        sa.Column("position", types.BigInt(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["agenda_event.id"], name=op.f("fk_agenda_event_tag_event_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["tag_id"], ["agenda_tag.id"], name=op.f("fk_agenda_event_tag_tag_id")),
        sa.PrimaryKeyConstraint("event_id", "tag_id", name=op.f("pk_agenda_event_tag")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("agenda_event_tag", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_agenda_event_tag_tag_id_event_id"), ["tag_id", "event_id"], unique=False
        )
