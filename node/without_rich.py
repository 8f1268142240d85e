"""Imported first by the server: structlog then does without rich, which is for terminals and weighs 5 MB."""

import sys

sys.modules.setdefault("rich", None)  # type: ignore[arg-type]
