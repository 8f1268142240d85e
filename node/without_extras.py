"""Imported first by the server: libraries that others load when they find them, and that it never uses.

structlog goes without rich, which is for terminals and weighs 5 MB; SQLAlchemy without greenlet, which is for
its asyncio side.
"""

import sys

for name in ("rich", "greenlet"):
    sys.modules.setdefault(name, None)  # type: ignore[arg-type]
