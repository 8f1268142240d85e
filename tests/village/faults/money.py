"""A village whose cards pay everywhere: agreements that come by themselves, cards with money at two nodes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from uuid import UUID

from sqlalchemy.orm import Session

from config.settings import load_settings
from kit.app import App
from kit.auth import Principal
from kit.choices import save_choice
from kit.ids import new_id
from node.app import build
from node.demo.asking import send
from node.features import FEATURES
from tests.village.faults.books import rows
from tests.village.faults.nodes import Sheltered, ShelteredNode
from tests.waiting import until
from wallet import flows
from wallet.cards.reading import Tap
from wallet.choices import MoneyRules, TakingLimits, VillageMoneyRules
from wallet.jobs import list_cards
from wallet.models.card import PASS
from wallet.models.currency import Currency
from wallet.queries.village_directory import whose
from wallet.schemas import TopUp
from wallet.service.cards.enrolling import enrol_card
from wallet.service.village_wallets import wallet_here

BY = Principal(name="storm")
MUCH = 10**9
GRANTED = 10**8
"""More than all that a storm accepts without asking: what is presented is never beyond the caps."""
PER_TAP = 10**6
LIMITS = TakingLimits(per_tap=PER_TAP, per_card_day=MUCH, per_minute=MUCH, node_max=MUCH)
QUIET = 15
"""Looks in a row at which nothing is new: three seconds, and cards are told of every second."""
PATIENT = 360.0
"""Seconds: a node that found the other one still asleep does not ask it again for five minutes."""
AGREED = "SELECT count(*) FROM village_agreement WHERE issuer = ? AND acceptor = ? AND takes"
KNOWN = "SELECT count(*) FROM village_card WHERE peer = ?"
LOCAL = "SELECT id FROM currency WHERE issuer = ? AND nature = 'money' AND reach = 'local'"
CARD = "SELECT id FROM pass_card WHERE uid = ?"


@contextmanager
def opened(node: ShelteredNode) -> Iterator[App]:
    """The node's own code over its files, while its process does not run."""
    app = build(load_settings(node.config), FEATURES)
    try:
        for feature in FEATURES:
            if feature.prepare:
                feature.prepare(app)
        yield app
    finally:
        app.db.close()


def agree_on_all(node: ShelteredNode, *, offers_local: bool = True) -> None:
    """Before the node first starts: it lets others take what it issues, and takes what they do."""
    rules = VillageMoneyRules(takes_village=True, owed_most=MUCH, offers_local=offers_local, limits=LIMITS)
    with opened(node) as app:
        app.db.write(lambda session: save_choice(session, rules))
        app.db.write(lambda session: save_choice(session, MoneyRules(top_up_most=MUCH, wallet_most=MUCH)))


def new_cards(issuer: ShelteredNode, count: int, cents: int) -> list[str]:
    """Cards of a node that does not run, each loaded with its local currency; their UIDs."""
    uids = [f"04{number:012X}" for number in range(0xAB0001, 0xAB0001 + count)]
    with opened(issuer) as app:
        for uid in uids:
            card = app.db.write(partial(_enrolled, uid=uid))
            _load(app, cents, card=card)
        list_cards(app)
    return uids


def load_strangers(node: ShelteredNode, uids: Sequence[str], cents: int) -> None:
    """Load cards of another node with what this node issues; it does not run meanwhile."""
    with opened(node) as app:
        for uid in uids:
            _load(app, cents, wallet=app.db.write(partial(_stranger, uid=uid)))


def refill(node: ShelteredNode, uid: str, cents: int) -> None:
    """A little more of the local currency on a card of a running node."""
    asset, card = rows(node, LOCAL, node.url)[0][0], rows(node, CARD, uid)[0][0]
    said = {"asset": str(UUID(bytes=asset)), "amount": cents, "card": str(UUID(bytes=card))}
    headers = {"authorization": f"Bearer {node.secrets['api_token']}", "idempotency-key": str(new_id())}
    send("POST", f"{node.direct}/api/v1/top-ups", json=said, headers=headers).raise_for_status()


def give_grant(issuer: ShelteredNode, acceptor: ShelteredNode) -> None:
    """The acceptor may take the issuer's local currency while it cannot ask, and has heard it."""
    asset = rows(issuer, LOCAL, issuer.url)[0][0]
    figures = dict.fromkeys(("per_tap", "per_card", "per_card_day", "node_max"), GRANTED)
    said = {"peer": acceptor.url.partition("://")[2], "asset": str(UUID(bytes=asset)), "bearer": "issuer"}
    headers = {"authorization": f"Bearer {issuer.secrets['api_token']}", "idempotency-key": str(new_id())}
    address = f"{issuer.direct}/api/v1/village/grants"
    send("POST", address, json=said | figures, headers=headers).raise_for_status()
    until("the grant is heard", lambda: bool(rows(acceptor, "SELECT id FROM village_grant")))


def wait_for_agreement(issuer: ShelteredNode, acceptor: ShelteredNode) -> None:
    """Return once the acceptor takes what the issuer issues, and both know it."""
    what = f"{acceptor.name} takes what {issuer.name} issues"
    said = (issuer.url, acceptor.url)
    until(what, lambda: all(rows(one, AGREED, *said)[0][0] for one in (issuer, acceptor)), PATIENT)


def wait_for_cards(node: ShelteredNode, home: ShelteredNode) -> None:
    """Return once a node has heard all that another tells of its cards: nothing came for some seconds."""
    heard = [0]

    def is_whole() -> bool:
        heard.append(rows(node, KNOWN, home.url)[0][0])
        return heard[-1] > 0 and len(set(heard[-QUIET:])) == 1 and len(heard) > QUIET

    until(f"{node.name} knows the cards of {home.name}", is_whole, every=0.2)


def money_village(village: Sheltered, count: int) -> list[str]:
    """Start three prepared nodes and give their cards money at two of them: UIDs of cards of the issuer."""
    for node in village.nodes:
        agree_on_all(node, offers_local=node is village.issuer)
    uids = new_cards(village.issuer, count, 300)
    village.start()
    for issuer in (village.issuer, village.primary):
        wait_for_agreement(issuer, village.acceptor)
        wait_for_cards(village.acceptor if issuer is village.issuer else issuer, village.issuer)
    village.primary.stop()
    load_strangers(village.primary, uids, PER_TAP)
    village.start()
    return uids


def _enrolled(session: Session, uid: str) -> UUID:
    return enrol_card(session, BY, uid=uid, kind=PASS).id


def _stranger(session: Session, uid: str) -> UUID:
    return wallet_here(session, whose(session, Tap(uid=uid)))


def _load(app: App, cents: int, *, card: UUID | None = None, wallet: UUID | None = None) -> None:
    """What this node lets others take: the network's currency where it issues it."""
    with app.db.read() as session:
        own = session.query(Currency).filter_by(issuer=app.settings.node.url, nature="money").all()
        asset = min(own, key=lambda one: one.reach != "network").id
    flows.top_up(app, BY, TopUp(asset=asset, amount=cents, card=card, wallet=wallet), str(new_id()))
