"""The room of tills: what it offers to the house."""

from kit.app import App
from kit.features import Feature, MenuEntry
from kit.i18n import lazy
from kit.ports import Machines
from pos_api import permissions
from pos_api.api import after, devices, drawers, goods, sales
from pos_api.commands import COMMANDS
from pos_api.identity import KnownTills
from pos_api.jobs import JOBS, write_seen
from pos_api.pages import devices as tills
from pos_api.pages import operators, receipts, till
from pos_api.personal import PERSONAL_DATA
from pos_api.seen import DevicesSeen

API = (devices, goods, sales, after, drawers)
OFFICE = (operators, tills)


def prepare(app: App) -> None:
    """Let the house know which tills speak to this process."""
    seen = DevicesSeen()
    app.ports.give(DevicesSeen, seen)
    app.ports.give(Machines, KnownTills(seen))


async def stop(app: App) -> None:
    """Write when tills were last seen."""
    await write_seen(app)


TILLS = Feature(
    name="pos_api",
    title=lazy("Tills"),
    charter=lazy("The devices that sell, and who holds them."),
    doors=tuple(door for module in (*API, *OFFICE, receipts, till) for door in module.DOORS),
    menu=(MenuEntry(lazy("Tills"), "pos_api.devices", "cash-register", needs=permissions.MANAGE, order=31),),
    jobs=JOBS,
    permissions=permissions.PERMISSIONS,
    cli="pos_api.cli:cli",
    commands=COMMANDS,
    personal_data=PERSONAL_DATA,
    can_turn_off=True,
    prepare=prepare,
    stop=stop,
)
