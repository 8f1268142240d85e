"""What `hameau till …` asks for, carried out by whoever owns the database."""

from typing import Any
from uuid import UUID

from kit.app import App
from kit.auth import Principal
from kit.errors import Invalid
from kit.i18n import _
from pos_api import flows
from pos_api.models.device import TillDevice
from pos_api.queries import office
from pos_api.service import devices
from sales.deciding import let_journal_decide

BY = Principal(name="hameau till")
Args = dict[str, Any]


def pair(app: App, args: Args) -> Args:
    """A code that pairs one till within ten minutes. Raises Invalid."""
    made = flows.make_code(app, BY, args["name"])
    address = f"{app.settings.node.url}/till/#pair={made.code}"
    return {"code": made.code, "name": made.name, "expires_at": made.expires_at.isoformat(), "url": address}


def listing(app: App, _args: Args) -> Args:
    """Every till, those in service first."""
    with app.db.read() as session:
        return {"tills": [_row(one) for one in office.devices(session)]}


def revoke(app: App, args: Args) -> Args:
    """Take a till out of service, by its series or its id. Raises Invalid when there is none."""
    let_journal_decide(app)
    wanted = str(args["till"])
    with app.db.read() as session:
        found = [one.id for one in office.devices(session) if wanted in {one.series, str(one.id)}]
    if not found:
        raise Invalid(_("No till has this series. `hameau till list` shows them."))
    device_id: UUID = found[0]
    return app.db.write(lambda session: _row(devices.revoke(session, BY, device_id)))


def _row(one: TillDevice) -> Args:
    return {
        "series": one.series,
        "name": one.name,
        "state": "out of service" if one.is_revoked else "training" if one.is_training else "in service",
        "last seen": one.last_seen_at.isoformat(timespec="minutes") if one.last_seen_at else "",
        "waiting": "" if one.waiting is None else str(one.waiting),
        "id": str(one.id),
    }


COMMANDS = {"till.pair": pair, "till.list": listing, "till.revoke": revoke}
