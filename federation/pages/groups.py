"""Village actors that WebFinger finds besides the node's own: user name to address."""

from collections.abc import Mapping

from sqlalchemy.orm import Session


def group_names(_session: Session) -> Mapping[str, str]:
    """The villages founded here; none yet."""
    return {}
