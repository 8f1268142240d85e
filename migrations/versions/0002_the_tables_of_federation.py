"""The tables of federation."""

import sqlalchemy as sa
from alembic import op

from kit.db import types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "actor_key",
        sa.Column("key_id", types.Str(), nullable=False),
        sa.Column("fingerprint", types.Str(), nullable=False),
        sa.Column("actor_uri", types.Str(), nullable=False),
        sa.Column("material", types.Str(), nullable=False),
        sa.Column("state", types.Str(), nullable=False),
        sa.Column("first_seen_at", types.UtcTime(), nullable=False),
        sa.Column("retired_at", types.UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("key_id", "fingerprint", name=op.f("pk_actor_key")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("actor_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_actor_key_actor_uri"), ["actor_uri"], unique=False)

    op.create_table(
        "block",
        sa.Column("subject", types.Str(), nullable=False),
        sa.Column("reason", types.Str(), nullable=False),
        sa.Column("by", types.Uuid(), nullable=True),
        sa.Column("since", types.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_block")),
        sqlite_strict=True,
    )
    op.create_table(
        "fetch_failure",
        sa.Column("url", types.Str(), nullable=False),
        sa.Column("reason", types.Str(), nullable=False),
        sa.Column("until", types.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("url", name=op.f("pk_fetch_failure")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("fetch_failure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fetch_failure_until"), ["until"], unique=False)

    op.create_table(
        "follower",
        sa.Column("actor_uri", types.Str(), nullable=False),
        sa.Column("follow_id", types.Str(), nullable=False),
        sa.Column("inbox", types.Str(), nullable=False),
        sa.Column("since", types.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("actor_uri", name=op.f("pk_follower")),
        sqlite_strict=True,
    )
    op.create_table(
        "following",
        sa.Column("actor_uri", types.Str(), nullable=False),
        sa.Column("follow_id", types.Str(), nullable=False),
        sa.Column("state", types.Str(), nullable=False),
        sa.Column("asked_at", types.UtcTime(), nullable=False),
        sa.Column("answered_at", types.UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("actor_uri", name=op.f("pk_following")),
        sa.UniqueConstraint("follow_id", name=op.f("uq_following_follow_id")),
        sqlite_strict=True,
    )
    op.create_table(
        "inbox_message",
        sa.Column("seq", types.BigInt(), autoincrement=True, nullable=False),
        sa.Column("activity_id", types.Str(), nullable=False),
        sa.Column("content_hash", types.Str(), nullable=False),
        sa.Column("actor", types.Str(), nullable=False),
        sa.Column("type", types.Str(), nullable=False),
        sa.Column("verified", types.Json(), nullable=False),
        sa.Column("body", types.Blob(), nullable=False),
        sa.Column("state", types.Str(), nullable=False),
        sa.Column("reason", types.Str(), nullable=False),
        sa.Column("attempts", types.Int(), nullable=False),
        sa.Column("received_at", types.UtcTime(), nullable=False),
        sa.Column("next_at", types.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_inbox_message")),
        sa.UniqueConstraint("activity_id", name=op.f("uq_inbox_message_activity_id")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("inbox_message", schema=None) as batch_op:
        batch_op.create_index(
            "ix_inbox_message_waiting",
            ["next_at"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.create_table(
        "origin_state",
        sa.Column("origin", types.Str(), nullable=False),
        sa.Column("style", types.Str(), nullable=False),
        sa.Column("failures", types.Int(), nullable=False),
        sa.Column("failing_since", types.UtcTime(), nullable=True),
        sa.Column("open_until", types.UtcTime(), nullable=True),
        sa.Column("last_sent_at", types.UtcTime(), nullable=True),
        sa.Column("touched_at", types.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("origin", name=op.f("pk_origin_state")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("origin_state", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_origin_state_touched_at"), ["touched_at"], unique=False)

    op.create_table(
        "outbox_activity",
        sa.Column("id", types.Uuid(), nullable=False),
        sa.Column("uri", types.Str(), nullable=False),
        sa.Column("type", types.Str(), nullable=False),
        sa.Column("object_id", types.Str(), nullable=False),
        sa.Column("scope", types.Str(), nullable=False),
        sa.Column("order_key", types.Str(), nullable=False),
        sa.Column("is_public", types.Flag(), nullable=False),
        sa.Column("body", types.Json(), nullable=False),
        sa.Column("sealed", types.Blob(), nullable=True),
        sa.Column("created_at", types.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_activity")),
        sa.UniqueConstraint("uri", name=op.f("uq_outbox_activity_uri")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("outbox_activity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_activity_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_activity_object_id"), ["object_id"], unique=False)
        batch_op.create_index("ix_outbox_activity_public", ["is_public", "id"], unique=False)

    op.create_table(
        "peer",
        sa.Column("actor_uri", types.Str(), nullable=False),
        sa.Column("origin", types.Str(), nullable=False),
        sa.Column("state", types.Str(), nullable=False),
        sa.Column("gives", types.Json(), nullable=False),
        sa.Column("since", types.UtcTime(), nullable=False),
        sa.Column("pulled_at", types.UtcTime(), nullable=True),
        sa.Column("pull_etags", types.Json(), nullable=False),
        sa.Column("is_paused_here", types.Flag(), nullable=False),
        sa.Column("is_paused_there", types.Flag(), nullable=False),
        sa.Column("offer_id", types.Str(), nullable=False),
        sa.Column("takes", types.Json(), nullable=False),
        sa.Column("pair_key", types.Str(), nullable=False),
        sa.Column("village_uri", types.Str(), nullable=False),
        sa.PrimaryKeyConstraint("actor_uri", name=op.f("pk_peer")),
        sa.UniqueConstraint("origin", name=op.f("uq_peer_origin")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("peer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_peer_state"), ["state"], unique=False)

    op.create_table(
        "peering_offer",
        sa.Column("actor_uri", types.Str(), nullable=False),
        sa.Column("direction", types.Str(), nullable=False),
        sa.Column("offer_id", types.Str(), nullable=False),
        sa.Column("gives", types.Json(), nullable=False),
        sa.Column("pair_key", types.Str(), nullable=False),
        sa.Column("village_uri", types.Str(), nullable=False),
        sa.Column("state", types.Str(), nullable=False),
        sa.Column("at", types.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("actor_uri", "direction", name=op.f("pk_peering_offer")),
        sqlite_strict=True,
    )
    op.create_table(
        "remote_actor",
        sa.Column("uri", types.Str(), nullable=False),
        sa.Column("origin", types.Str(), nullable=False),
        sa.Column("type", types.Str(), nullable=False),
        sa.Column("name", types.Str(), nullable=False),
        sa.Column("username", types.Str(), nullable=False),
        sa.Column("url", types.Str(), nullable=False),
        sa.Column("inbox", types.Str(), nullable=False),
        sa.Column("shared_inbox", types.Str(), nullable=False),
        sa.Column("outbox", types.Str(), nullable=False),
        sa.Column("upcoming", types.Str(), nullable=False),
        sa.Column("profile", types.Json(), nullable=False),
        sa.Column("fetched_at", types.UtcTime(), nullable=False),
        sa.Column("used_at", types.UtcTime(), nullable=False),
        sa.Column("gone_at", types.UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("uri", name=op.f("pk_remote_actor")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("remote_actor", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_remote_actor_origin"), ["origin"], unique=False)
        batch_op.create_index(batch_op.f("ix_remote_actor_used_at"), ["used_at"], unique=False)

    op.create_table(
        "seen_signature",
        sa.Column("signature_hash", types.Str(), nullable=False),
        sa.Column("expires_at", types.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("signature_hash", name=op.f("pk_seen_signature")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "village",
        sa.Column("uri", types.Str(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.Column("slug", types.Str(), nullable=False),
        sa.Column("name", types.Str(), nullable=False),
        sa.Column("founder", types.Str(), nullable=False),
        sa.Column("charter", types.Str(), nullable=False),
        sa.Column("epoch", types.Int(), nullable=False),
        sa.Column("state", types.Str(), nullable=False),
        sa.Column("request_id", types.Str(), nullable=False),
        sa.Column("roster", types.Json(), nullable=False),
        sa.Column("since", types.UtcTime(), nullable=False),
        sa.Column("changed_at", types.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("uri", name=op.f("pk_village")),
        sa.UniqueConstraint("id", name=op.f("uq_village_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_village_slug")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("village", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_village_state"), ["state"], unique=False)

    op.create_table(
        "delivery",
        sa.Column("seq", types.BigInt(), autoincrement=True, nullable=False),
        sa.Column("activity_id", types.Uuid(), nullable=False),
        sa.Column("inbox", types.Str(), nullable=False),
        sa.Column("origin", types.Str(), nullable=False),
        sa.Column("actor", types.Str(), nullable=False),
        sa.Column("order_key", types.Str(), nullable=False),
        sa.Column("state", types.Str(), nullable=False),
        sa.Column("attempts", types.Int(), nullable=False),
        sa.Column("last_error", types.Str(), nullable=False),
        sa.Column("next_at", types.UtcTime(), nullable=False),
        sa.Column("give_up_at", types.UtcTime(), nullable=False),
        sa.Column("settled_at", types.UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["outbox_activity.id"], name=op.f("fk_delivery_activity_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_delivery")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delivery_activity_id"), ["activity_id"], unique=False)
        batch_op.create_index(
            "ix_delivery_due",
            ["next_at"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.create_index(
            "ix_delivery_order",
            ["inbox", "order_key", "seq"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.create_index("ix_delivery_origin", ["origin", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_delivery_settled_at"), ["settled_at"], unique=False)

    op.create_table(
        "village_member",
        sa.Column("village_uri", types.Str(), nullable=False),
        sa.Column("actor_uri", types.Str(), nullable=False),
        sa.Column("state", types.Str(), nullable=False),
        sa.Column("request_id", types.Str(), nullable=False),
        sa.Column("since", types.UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["village_uri"], ["village.uri"], name=op.f("fk_village_member_village_uri"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("village_uri", "actor_uri", name=op.f("pk_village_member")),
        sqlite_strict=True,
    )
