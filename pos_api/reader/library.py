"""nfcpy, loaded when it is first needed: most of the house never sees it."""

import logging
import sys
from importlib.util import find_spec
from types import ModuleType, SimpleNamespace
from typing import Any, cast

from pos_api.reader.troubles import NOT_INSTALLED, CannotStart


def load_nfc() -> Any:
    """The package `nfc`. Raises CannotStart `not_installed`."""
    _stand_in_for_des()
    try:
        import nfc
        import nfc.clf
        import nfc.clf.device
        import nfc.clf.transport
        import nfc.tag
    except ImportError as error:
        raise CannotStart("not_installed", NOT_INSTALLED) from error
    # It tells what it reads from cards: that is nobody's to keep.
    logging.getLogger("nfc").setLevel(logging.CRITICAL + 1)
    return nfc


def _stand_in_for_des() -> None:
    """nfcpy imports pyDes for the passwords of two kinds of tag, which no till uses; it has no wheel."""
    if "pyDes" not in sys.modules and find_spec("pyDes") is None:
        sys.modules["pyDes"] = cast(ModuleType, SimpleNamespace(triple_des=None, CBC=None))
