# ruff: noqa: E501
"""The tables of people."""

import sqlalchemy as sa
from alembic import op

from kit.db import types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
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
