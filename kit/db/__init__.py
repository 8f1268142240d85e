"""Where rows live: one writer with group commit, reads on snapshots, tables and their types."""

from kit.db.base import Base
from kit.db.database import Database
from kit.db.insert import insert
from kit.db.kinds import Decider, Decision, Rows, Statement
from kit.db.lock import AlreadyRunning
from kit.db.postgres import NotDurable
from kit.db.questions import Question
from kit.db.rules import broken_rule
from kit.db.shared import shared
from kit.db.triggers import declare_trigger, make_append_only
from kit.db.units import after_commit

__all__ = [
    "AlreadyRunning",
    "Base",
    "Database",
    "Decider",
    "Decision",
    "NotDurable",
    "Question",
    "Rows",
    "Statement",
    "after_commit",
    "broken_rule",
    "declare_trigger",
    "insert",
    "make_append_only",
    "shared",
]
