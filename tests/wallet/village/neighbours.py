"""A village of nodes in one process: what one is due to say, another hears, and every word is kept."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session, close_all_sessions
from starlette.applications import Starlette

from config.settings import NetworkSettings, NodeSettings, Settings
from federation.models.peers import ACTIVE, Peer
from federation.peering.terms import pair_key
from federation.standing import standing_of
from kit import clock
from kit.app import App
from kit.db import Database
from node.app import build, create_app
from node.features import FEATURES
from tests.factories.money import ODILE
from tests.wallet.pockets import Pass, new_pass
from wallet import flows
from wallet.between.messages import (
    AnyMessage,
    Bind,
    History,
    Holdings,
    Hotlist,
    LookUp,
    Message,
    decode,
    encode,
)
from wallet.cards.reading import Tap
from wallet.jobs import list_cards
from wallet.models.currency import Currency
from wallet.models.village import VillageAgreement
from wallet.queries import village_cards as reads
from wallet.queries.village_cards import Whose, whose
from wallet.schemas import TopUp
from wallet.service import village_cards as verbs
from wallet.service import village_taps as taps
from wallet.service.cards.linking import link_card
from wallet.service.currencies import create_currency
from wallet.service.currency_rules import usual
from wallet.service.village_wallets import wallet_here

T = TypeVar("T")
PRIMARY = "http://127.0.0.1:8203"
_ANSWERS: dict[type, Callable[..., Message]] = {
    LookUp: taps.hear_tap,
    Holdings: reads.holdings,
    History: reads.history,
    Bind: verbs.hear_bind,
    Hotlist: verbs.hear_hotlist,
}


@dataclass
class House:
    """One node of the village."""

    app: App
    doors: Starlette

    @property
    def url(self) -> str:
        return self.app.settings.node.url

    def read(self, ask: Callable[[Session], T]) -> T:
        with self.app.db.read() as session:
            return ask(session)

    def write(self, act: Callable[[Session], T]) -> T:
        return self.app.db.write(act)

    def hear(self, peer: str, item: bytes) -> bytes:
        """The answer of this node to what `peer` asks."""
        asked = decode(item)
        answer = self.write(lambda session: _ANSWERS[type(asked)](session, peer, asked))
        return encode(answer)

    def whose(self, **tap: str) -> Whose:
        return self.read(lambda session: whose(session, Tap(**tap)))

    def top_up(self, found: Whose, cents: int = 1_000) -> UUID:
        """Load this node's local money on any card; the wallet that it opened here."""
        wallet: UUID = self.write(lambda session: wallet_here(session, found))
        flows.top_up(self.app, ODILE, TopUp(asset=self.local, amount=cents, wallet=wallet))
        return wallet

    def new_pass(self, uid: str) -> Pass:
        card = new_pass(self.app, uid=uid)
        list_cards(self.app)
        return card

    def link(self, card: Pass, person: UUID) -> None:
        self.write(lambda session: link_card(session, ODILE, card.id, person))

    @property
    def local(self) -> UUID:
        """The local currency."""
        return self.read(lambda session: session.query(Currency).filter(Currency.issuer == self.url).one().id)


@dataclass
class Village:
    """Nodes that talk without a network. `said`: every item, with who said it to whom."""

    houses: dict[str, House]
    said: list[tuple[str, str, bytes]] = field(default_factory=list)

    def ask(self, asker: House, peer: str, question: Message) -> AnyMessage:
        """One question and its answer, as bytes on the way, and what the asker makes of it."""
        item = encode(question)
        answer = self.houses[peer].hear(asker.url, item)
        self.said += [(asker.url, peer, item), (peer, asker.url, answer)]
        told: AnyMessage = decode(answer)
        asker.write(lambda session: verbs.heard_about_cards(session, peer, decode(item), told))
        return told

    def settle(self, *speakers: House) -> None:
        """Everybody says what is due, until nothing is."""
        for _round in range(20):
            if not sum(self._speak(house) for house in speakers or self.houses.values()):
                return
        raise AssertionError("it never ends")

    def _speak(self, house: House) -> int:
        peers = house.read(lambda session: list(_peers(session)))
        due = house.read(lambda session: reads.due_cards(session, peers))
        for peer, message in due:
            self.ask(house, peer, message)
        return len(due)


def open_house(folder: Path, database: Database, port: int, network: Iterable[str] = ()) -> House:
    """A node with one local currency."""
    settings = Settings(
        node=NodeSettings(url=f"http://127.0.0.1:{port}", data=str(folder), allow_loopback=True, demo=False),
        network=NetworkSettings(primary=PRIMARY, nodes=list(network)),
        secret_key=f"only-for-tests-{port}-" * 3,
    )
    folder.mkdir(exist_ok=True)
    app = build(settings, FEATURES, database)
    house = House(app, create_app(settings, FEATURES, app=app))
    values: Any = usual("local", f"House {port}")
    house.write(lambda session: create_currency(session, ODILE, values, house.url))
    return house


def open_village(
    folder: Path, new_url: Callable[[], str], network: Sequence[str], friends: Iterable[tuple[str, str]]
) -> Village:
    """The nodes of `network` and their primary, each with a database of its own; `friends` exchange."""
    houses = {
        url: open_house(folder / url[-4:], Database(new_url(), durable=False), int(url[-4:]), network)
        for url in (*network, PRIMARY)
    }
    for one, other in friends:
        befriend(houses[one], houses[other])
    return Village(houses)


def befriend(one: House, other: House) -> None:
    """An exchange between them, with the keys of their pair."""
    for here, there in ((one, other), (other, one)):
        secret = there.read(lambda session: standing_of(session).secret)
        row = Peer(
            actor_uri=f"{there.url}/actor",
            origin=there.url,
            state=ACTIVE,
            gives={},
            takes={},
            since=clock.now(),
            pulled_at=None,
            pull_etags={},
            pair_key=pair_key(secret, here.url),
        )
        here.write(lambda session: session.add(row))  # noqa: B023
        _agree(there, here)


def _agree(issuer: House, acceptor: House) -> None:
    """The issuer lets the acceptor take its local currency, and both know."""
    money = issuer.read(lambda session: session.get_one(Currency, issuer.local))
    kept = ("id", "nature", "reach", "scale", "at_par", "created_at", "name", "symbol", "icon")
    asset = f"{issuer.url.partition('://')[2]}/{money.code}"
    copy = {name: getattr(money, name) for name in kept}
    acceptor.write(
        lambda session: session.add(
            Currency(**copy, code=asset, issuer=issuer.url, where_spent="", gift_days=None, archived_at=None)
        )
    )
    for house, peer in ((issuer, acceptor), (acceptor, issuer)):
        row = VillageAgreement(
            peer=peer.url,
            asset=asset,
            issuer=issuer.url,
            acceptor=acceptor.url,
            currency_id=money.id,
            epoch=1,
            per_tap=10_000,
            per_card_day=10_000,
            per_minute=100_000,
            node_max=100_000,
            takes=True,
            is_paused_here=False,
            is_paused_there=False,
            rev=1,
            changed_at=clock.now(),
        )
        house.write(lambda session: session.add(row))  # noqa: B023


def close(houses: Iterable[House]) -> None:
    close_all_sessions()
    for house in houses:
        house.app.db.close()


def _peers(session: Session) -> list[str]:
    return [row.origin for row in session.query(Peer).filter(Peer.state == ACTIVE)]
