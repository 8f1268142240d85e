"""The room of persons: who is acting, with which permission."""

from config.settings import SettingsError
from kit.app import App
from kit.features import Export, Feature, MenuEntry, PersonalData
from kit.i18n import lazy
from kit.mail.delivery import Postman
from kit.mail.transports import transport_of
from people import api
from people.commands import COMMANDS
from people.federated import LISTENERS
from people.jobs import JOBS, write_seen
from people.pages import demo, journal, my, my_data, my_sessions, office, sign_in, tokens
from people.queries.journal import Wanted, journal_csv
from people.queries.personal import known
from people.seen import Seen
from people.service.erasure import forget

POSTMAN = Postman()


def prepare(app: App) -> None:
    """Give this process its list of visits. Raises SettingsError when mail.url cannot be used."""
    try:
        transport_of(app.settings)
    except ValueError as error:
        raise SettingsError(str(error)) from error
    app.ports.give(Seen, Seen())


async def stop(app: App) -> None:
    """Let the postman go, write the last visits."""
    await POSTMAN.stop(app)
    await write_seen(app)


PEOPLE = Feature(
    name="people",
    title=lazy("People"),
    charter=lazy("Who may do what here."),
    doors=(
        *sign_in.DOORS,
        *my.DOORS,
        *my_sessions.DOORS,
        *my_data.DOORS,
        *office.DOORS,
        *tokens.DOORS,
        *journal.DOORS,
        *demo.DOORS,
        *api.DOORS,
    ),
    listeners=LISTENERS,
    jobs=JOBS,
    permissions={
        office.MANAGE: (),
        tokens.MANAGE: (),
        journal.READ: ("treasurer",),
    },
    menu=(
        MenuEntry(lazy("My space"), "people.my", "user-circle", needs="signed_in", place="my", order=0),
        MenuEntry(lazy("People"), "people.office", "users", needs=office.MANAGE, order=70),
        MenuEntry(lazy("Log"), "people.journal", "scroll", needs=journal.READ, order=85),
        MenuEntry(lazy("API keys"), "people.tokens", "key", needs=tokens.MANAGE, order=86),
    ),
    cli="people.cli:cli",
    exports=(Export("audit", lazy("Log"), lambda session: journal_csv(session, Wanted())),),
    commands=COMMANDS,
    personal_data=PersonalData(export=known, blocks_erasure=lambda _session, _id: (), erase=forget),
    prepare=prepare,
    start=POSTMAN.start,
    stop=stop,
)
