"""Who asks at the doors of tills: the device, and the operator where a door needs one."""

from kit.errors import SignInNeeded
from kit.web import Call
from pos_api.principal import TillPrincipal


def asking(call: Call) -> TillPrincipal:
    """The till that asks. Raises SignInNeeded for any other machine."""
    if not isinstance(call.principal, TillPrincipal):
        raise SignInNeeded(cause="no till")
    return call.principal
