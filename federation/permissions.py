"""Who may decide what this node exchanges, and with whom."""

from typing import Final

MANAGE: Final = "village.manage"
