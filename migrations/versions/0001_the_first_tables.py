# ruff: noqa: E501
"""The first tables."""

import sqlalchemy as sa
from alembic import op

from kit.db import types

revision = "0001"
down_revision = None
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
        "audit_entry",
        sa.Column("seq", types.BigInt(), nullable=False),
        sa.Column("at", types.UtcTime(), nullable=False),
        sa.Column("who_id", types.Uuid(), nullable=True),
        sa.Column("who_name", types.Str(), nullable=False),
        sa.Column("how", types.Str(), nullable=False),
        sa.Column("verb", types.Str(), nullable=False),
        sa.Column("kind", types.Str(), nullable=False),
        sa.Column("about", types.Str(), nullable=False),
        sa.Column("about_id", types.Str(), nullable=False),
        sa.Column("details", types.Json(), nullable=False),
        sa.Column("search", types.Str(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_entry")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_at"), ["at"], unique=False)
        batch_op.create_index("ix_audit_entry_thing", ["kind", "about_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_who_id"), ["who_id"], unique=False)

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
        "choice",
        sa.Column("name", types.Str(), nullable=False),
        sa.Column("value", types.Str(), nullable=False),
        sa.Column("changed_at", types.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_choice")),
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
        batch_op.create_index(batch_op.f("ix_inbox_message_actor"), ["actor"], unique=False)
        batch_op.create_index(batch_op.f("ix_inbox_message_received_at"), ["received_at"], unique=False)
        batch_op.create_index(
            "ix_inbox_message_waiting",
            ["next_at"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.create_table(
        "job_lease",
        sa.Column("name", types.Str(), nullable=False),
        sa.Column("owner", types.Str(), nullable=False),
        sa.Column("until", types.UtcTime(), nullable=False),
        sa.Column("due", types.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_lease")),
        sqlite_strict=True,
    )
    op.create_table(
        "origin_state",
        sa.Column("origin", types.Str(), nullable=False),
        sa.Column("style", types.Str(), nullable=False),
        sa.Column("failures", types.Int(), nullable=False),
        sa.Column("failing_since", types.UtcTime(), nullable=True),
        sa.Column("open_until", types.UtcTime(), nullable=True),
        sa.Column("last_sent_at", types.UtcTime(), nullable=True),
        sa.Column("last_heard_at", types.UtcTime(), nullable=True),
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
        "outgoing_mail",
        sa.Column("id", types.Uuid(), nullable=False),
        sa.Column("to_address", types.Str(), nullable=False),
        sa.Column("subject", types.Str(), nullable=False),
        sa.Column("text", types.Str(), nullable=False),
        sa.Column("html", types.Str(), nullable=True),
        sa.Column("state", types.Str(), nullable=False),
        sa.Column("tries", types.BigInt(), nullable=False),
        sa.Column("created_at", types.UtcTime(), nullable=False),
        sa.Column("next_try_at", types.UtcTime(), nullable=False),
        sa.Column("expires_at", types.UtcTime(), nullable=False),
        sa.Column("settled_at", types.UtcTime(), nullable=True),
        sa.Column("error", types.Str(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_mail")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("outgoing_mail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outgoing_mail_created_at"), ["created_at"], unique=False)
        batch_op.create_index("ix_outgoing_mail_due", ["state", "next_try_at"], unique=False)

    op.create_table(
        "peer",
        sa.Column("actor_uri", types.Str(), nullable=False),
        sa.Column("origin", types.Str(), nullable=False),
        sa.Column("state", types.Str(), nullable=False),
        sa.Column("gives", types.Json(), nullable=False),
        sa.Column("since", types.UtcTime(), nullable=False),
        sa.Column("pulled_at", types.UtcTime(), nullable=True),
        sa.Column("pull_etags", types.Json(), nullable=False),
        sa.PrimaryKeyConstraint("actor_uri", name=op.f("pk_peer")),
        sa.UniqueConstraint("origin", name=op.f("uq_peer_origin")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("peer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_peer_state"), ["state"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", types.Uuid(), nullable=False),
        sa.Column("name", types.Str(), nullable=False),
        sa.Column("email", types.Str(), nullable=False),
        sa.Column("language", types.Str(), nullable=False),
        sa.Column("search", types.Str(), nullable=False),
        sa.Column("sort_name", types.Str(), nullable=False),
        sa.Column("created_at", types.UtcTime(), nullable=False),
        sa.Column("seen_at", types.UtcTime(), nullable=True),
        sa.Column("archived_at", types.UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index("ix_person_listed", ["archived_at", "sort_name", "id"], unique=False)

    op.create_table(
        "rate_mark",
        sa.Column("key", types.Blob(), nullable=False),
        sa.Column("free_at", types.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rate_mark")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("rate_mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rate_mark_free_at"), ["free_at"], unique=False)

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
        "repeated_call",
        sa.Column("key", types.Str(), nullable=False),
        sa.Column("request_hash", types.Str(), nullable=False),
        sa.Column("status", types.Int(), nullable=False),
        sa.Column("media_type", types.Str(), nullable=False),
        sa.Column("body", types.Blob(), nullable=False),
        sa.Column("at", types.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_repeated_call")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("repeated_call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_repeated_call_at"), ["at"], unique=False)

    op.create_table(
        "seen_signature",
        sa.Column("signature_hash", types.Str(), nullable=False),
        sa.Column("expires_at", types.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("signature_hash", name=op.f("pk_seen_signature")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("seen_signature", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seen_signature_expires_at"), ["expires_at"], unique=False)

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
        "api_token",
        sa.Column("id", types.Uuid(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("name", types.Str(), nullable=False),
        sa.Column("scopes", types.Json(), nullable=False),
        sa.Column("secret_hash", types.Blob(), nullable=False),
        sa.Column("hint", types.Str(), nullable=False),
        sa.Column("created_at", types.UtcTime(), nullable=False),
        sa.Column("expires_at", types.UtcTime(), nullable=True),
        sa.Column("used_at", types.UtcTime(), nullable=True),
        sa.Column("revoked_at", types.UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_api_token_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_api_token_secret_hash")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_token_person_id"), ["person_id"], unique=False)

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
        "demo_link",
        sa.Column("secret_hash", types.Blob(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_demo_link_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("secret_hash", name=op.f("pk_demo_link")),
        sqlite_strict=True,
    )
    op.create_table(
        "person_role",
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("role", types.Str(), nullable=False),
        sa.Column("given_at", types.UtcTime(), nullable=False),
        sa.Column("given_by", types.Uuid(), nullable=True),
        sa.CheckConstraint(
            "role IN ('administrator','treasurer','member_manager','agenda_editor','till_manager','cashier','door_checker','kitchen')",
            name=op.f("ck_person_role_role"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_role_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "role", name=op.f("pk_person_role")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("person_role", schema=None) as batch_op:
        batch_op.create_index("ix_person_role_role", ["role"], unique=False)

    op.create_table(
        "person_session",
        sa.Column("id", types.Uuid(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("secret_hash", types.Blob(), nullable=False),
        sa.Column("device", types.Str(), nullable=False),
        sa.Column("created_at", types.UtcTime(), nullable=False),
        sa.Column("seen_at", types.UtcTime(), nullable=False),
        sa.Column("expires_at", types.UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_session_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_session")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_person_session_secret_hash")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("person_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_session_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_session_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_session_seen_at"), ["seen_at"], unique=False)

    op.create_table(
        "sign_in_attempt",
        sa.Column("id", types.Uuid(), nullable=False),
        sa.Column("purpose", types.Str(), nullable=False),
        sa.Column("email", types.Str(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=True),
        sa.Column("link_hash", types.Blob(), nullable=False),
        sa.Column("code_hash", types.Blob(), nullable=True),
        sa.Column("language", types.Str(), nullable=False),
        sa.Column("back", types.Str(), nullable=False),
        sa.Column("tries", types.BigInt(), nullable=False),
        sa.Column("created_at", types.UtcTime(), nullable=False),
        sa.Column("expires_at", types.UtcTime(), nullable=False),
        sa.Column("used_at", types.UtcTime(), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('sign_in','change_address','setup')", name=op.f("ck_sign_in_attempt_purpose")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_sign_in_attempt_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_sign_in_attempt_link_hash")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_attempt_email"), ["email"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_attempt_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_attempt_person_id"), ["person_id"], unique=False)

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
        batch_op.create_index("ix_agenda_event_ended", ["origin_id", "until", "status"], unique=False)
        batch_op.create_index("ix_agenda_event_lasting", ["listed", "lasting", "until"], unique=False)
        batch_op.create_index(
            "ix_agenda_event_listed", ["listed", "day", "start", "id", "origin_id"], unique=False
        )
        batch_op.create_index("ix_agenda_event_origin", ["origin_id", "status", "day", "start"], unique=False)
        batch_op.create_index("ix_agenda_event_place", ["place_id", "day"], unique=False)
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
