"""The room of money: what it offers to the house."""

from config.collective import Collective
from kit.app import App
from kit.choices import read_choice
from kit.features import Feature, MenuEntry
from kit.i18n import lazy
from wallet import permissions
from wallet.api import doors as api
from wallet.between.times import PUBLISHED
from wallet.checks import CHECKS
from wallet.commands import COMMANDS
from wallet.commands_cards import COMMANDS as CARD_COMMANDS
from wallet.commands_terms import COMMANDS as TERMS_COMMANDS
from wallet.deciding import let_ledger_decide
from wallet.demo.filling import fill
from wallet.exports.kinds import EXPORTS
from wallet.facts import CardLinked, CardMarked
from wallet.federated import door as village_door
from wallet.federated.peering import LISTENERS
from wallet.federated.running import start_village, stop_village
from wallet.jobs import JOBS
from wallet.pages import (
    acts,
    batches,
    card_backs,
    card_owners,
    card_page,
    cards,
    currencies,
    downloads,
    holds,
    mine,
    mine_elsewhere,
    my_cards,
    office,
    rules,
    transfers,
    village_alarms,
    village_clearing,
    village_disputes,
    village_grants,
    village_money,
    village_payments,
    village_rules,
    village_statement,
    village_terms,
    wallets,
)
from wallet.pairing import pair_up, pairing_from
from wallet.personal import MY_SECTIONS, PERSONAL_DATA
from wallet.sellables import SELLABLES
from wallet.service.currencies import default_currencies
from wallet.service.village_agreements import offer_usual
from wallet.service.village_revisions import on_card_linked, on_card_marked

OFFICE = (office, currencies, wallets, transfers, holds, acts, rules, downloads)
CARDS = (cards, card_owners, batches, card_backs)
VILLAGE = (
    *(village_payments, village_alarms, village_clearing, village_disputes, village_statement),
    *(village_rules, village_terms, village_grants, village_money),
)
"""The last one opens `/admin/money/village/{peer}`: addresses with a word of their own come before it."""
PERSON = (mine, mine_elsewhere, my_cards, card_page)


def prepare(app: App) -> None:
    """Let the ledger decide in this process, and the cards know which node this is."""
    let_ledger_decide(app)
    pair_up(app.db, pairing_from(app))


async def start(app: App) -> None:
    """A collective that is set up has its currencies from the first day; money between nodes goes on."""
    collective = await app.db.aread(lambda session: read_choice(session, Collective))
    if collective.set_up:
        name, here = collective.name, app.settings.node.url
        await app.db.awrite(lambda session: default_currencies(session, name, here))
    await app.db.awrite(offer_usual)
    await start_village(app)


WALLET = Feature(
    name="wallet",
    title=lazy("Money"),
    charter=lazy("What people hold, and where it went."),
    doors=tuple(
        door for module in (*OFFICE, *CARDS, *VILLAGE, *PERSON, api, village_door) for door in module.DOORS
    ),
    jobs=JOBS,
    listeners={CardMarked: (on_card_marked,), CardLinked: (on_card_linked,), **LISTENERS},
    menu=(MenuEntry(lazy("Money"), "wallet.office", "coins", needs=permissions.ENTER, order=20),),
    permissions=permissions.PERMISSIONS,
    checks=CHECKS,
    exports=EXPORTS,
    demo=fill,
    cli="wallet.cli:cli wallet.cli_cards:cli wallet.cli_terms:cli wallet.cli_simulate:cli",
    commands={**COMMANDS, **CARD_COMMANDS, **TERMS_COMMANDS},
    sellables=SELLABLES,
    capabilities=("wallet", "clearing"),
    actor_terms={"vil:ledgerTimes": dict(PUBLISHED)},
    personal_data=PERSONAL_DATA,
    my_sections=MY_SECTIONS,
    can_turn_off=True,
    prepare=prepare,
    start=start,
    stop=stop_village,
)
