"""The village of a seed: who issues what, who accepts it from whom and up to where, who has which card."""

from collections.abc import Iterator
from random import Random
from uuid import UUID

from wallet.between.shapes import Agreement, GrantKept
from wallet.ledger.shapes import Asset
from wallet.simulation.chips import chip_of
from wallet.simulation.options import HOUR, Options
from wallet.simulation.shapes import Currency, Person, Village
from wallet.simulation.story import HOSTS, PEOPLE
from wallet.simulation.timeline import START

EPOCH = 1


def draw_village(options: Options, chance: Random) -> Village:
    """Everything that stands before the evening begins."""
    origins = tuple(f"https://{host}.example" for host in HOSTS[: options.nodes])
    currencies = tuple(_currencies(origins, chance))
    agreements = tuple(_agreements(options, origins, currencies, chance))
    return Village(
        origins=origins,
        currencies=currencies,
        people=tuple(_person(name, origins, chance) for name in PEOPLE[: options.people]),
        agreements=agreements,
        grants=tuple(_grants(options, currencies, agreements, chance)),
        liar=chance.choice(origins) if options.has_liar else "",
    )


def fresh_id(chance: Random) -> UUID:
    """An id that the seed repeats."""
    return UUID(int=chance.getrandbits(128), version=4)


def _currencies(origins: tuple[str, ...], chance: Random) -> Iterator[Currency]:
    """The first node holds the network's money; most others have their own; vouchers of either reach."""
    primary, *others = origins
    yield _currency(primary, "euro", "money", "network", chance)
    for number, origin in enumerate(others):
        if number == 0 or chance.random() < 0.8:
            yield _currency(origin, "beans", "money", "local", chance)
    gift = chance.choice(origins)
    yield _currency(gift, "gift", "gift", chance.choice(("local", "issuer_only")), chance)


def _currency(origin: str, code: str, nature: str, reach: str, chance: Random) -> Currency:
    wire = f"{origin.removeprefix('https://')}/{code}"
    return Currency(origin, wire, Asset(fresh_id(chance), code, nature, reach))  # type: ignore[arg-type]


def _agreements(
    options: Options, origins: tuple[str, ...], currencies: tuple[Currency, ...], chance: Random
) -> Iterator[Agreement]:
    low = options.is_strict
    for currency in currencies:
        for acceptor in origins:
            if acceptor != currency.issuer and chance.random() < 0.9:
                yield Agreement(
                    issuer=currency.issuer,
                    acceptor=acceptor,
                    asset=currency.wire,
                    currency=currency.asset.id,
                    epoch=EPOCH,
                    per_tap=chance.choice((900, 1_500)) if low else 5_000,
                    per_card_day=chance.choice((2_000, 4_000)) if low else 100_000,
                    per_minute=chance.choice((3_000, 6_000)) if low else 1_000_000,
                    node_max=chance.choice((1_200, 5_000)) if low else 10_000_000,
                )


def _grants(
    options: Options, currencies: tuple[Currency, ...], agreements: tuple[Agreement, ...], chance: Random
) -> Iterator[GrantKept]:
    natures = {one.wire: one.asset.nature for one in currencies}
    for agreed in agreements:
        if natures[agreed.asset] == "money" and chance.random() < 0.8:
            low = options.is_strict or chance.random() < 0.5
            yield GrantKept(
                id=fresh_id(chance),
                issuer=agreed.issuer,
                acceptor=agreed.acceptor,
                asset=agreed.asset,
                per_tap=min(agreed.per_tap, 1_500),
                per_card=chance.choice((1_000, 2_000)) if low else 10_000,
                per_card_day=chance.choice((1_500, 3_000)) if low else 20_000,
                node_max=chance.choice((1_500, 4_000)) if low else 30_000,
                since=START - 24 * HOUR,
                until=START + chance.choice((1, 48, 400)) * HOUR,
                hotlist_age=86_400,
                bearer=chance.choice(("issuer", "issuer", "acceptor")),
            )


def _person(name: str, origins: tuple[str, ...], chance: Random) -> Person:
    """A wallet everywhere, so that whoever loads it finds it."""
    wallets = {origin: fresh_id(chance) for origin in origins}
    handles = {origin: f"h_{wallet.hex[:22]}" for origin, wallet in wallets.items()}
    return Person(name, chance.choice(origins), wallets, handles, chip_of(wallets[origins[0]]))
