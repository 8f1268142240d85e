"""`hameau card`: list cards, bring a batch in, look one up, declare it lost or found."""

from pathlib import Path
from typing import Annotated

import typer

from kit.cli import act, tell
from wallet.cards.table import text_of

cli = typer.Typer(name="card", no_args_is_help=True, help="Pass cards: list, import, look up, lost, found.")
SHOWN = ("number", "uid", "kind", "state", "person")
Card = Annotated[str, typer.Argument(help="Printed number, chip number, QR address, or what a reader types.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON value, for scripts.")]
Reason = Annotated[str, typer.Option(help="Why; it stays in the card's history.")]


@cli.command("list", epilog="Example: hameau card list --state lost --json")
def list_cards(
    context: typer.Context,
    search: Annotated[str, typer.Argument(help="A part of a number, or words of a person's name.")] = "",
    *,
    state: Annotated[str, typer.Option(help="active, lost, blocked or replaced.")] = "",
    staff: Annotated[bool, typer.Option(help="Staff cards only.")] = False,
    page: Annotated[int, typer.Option(min=1, help="Twenty-five cards a page.")] = 1,
    as_json: AsJson = False,
) -> None:
    """List cards by number."""
    told = act(context, "card.list", q=search, state=state, staff=staff, page=page)
    rows = told["cards"]
    tell(rows if as_json else [{name: row[name] for name in SHOWN} for row in rows], as_json=as_json)


@cli.command("import", epilog='Example: hameau card import cards.csv --name "March" --confirm-total 1250.00')
def bring(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="CSV: UID, number, code, balance.")
    ],
    *,
    name: Annotated[str, typer.Option(help="Name of the batch.")],
    confirm_total: Annotated[str, typer.Option(help="The total of the balances, as I expect it.")] = "",
    currency: Annotated[str, typer.Option(help="Short name of the balances' currency.")] = "",
    account: Annotated[str, typer.Option(help="Where the balances come from; the batch if left out.")] = "",
    notation: Annotated[
        str, typer.Option(help="Of chip numbers: hex, hex_reversed, decimal or decimal_reversed.")
    ] = "hex",
    ntag424: Annotated[bool, typer.Option(help="The chips prove each tap (NTAG 424 DNA).")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring a list of cards in, all or none, with their opening balances as one transaction."""
    text = text_of(file.read_bytes())
    said = {"name": name, "confirm_total": confirm_total, "currency": currency, "account": account}
    told = act(context, "card.import", text=text, notation=notation, ntag424=ntag424, **said)
    tell(told, as_json=as_json)


@cli.command(epilog='Example: hameau card lookup "K7M2 9QXD" --json')
def lookup(context: typer.Context, card: Card, as_json: AsJson = False) -> None:
    """Say which card it is, whose, and what is on it."""
    tell(act(context, "card.lookup", card=card), as_json=as_json)


@cli.command(epilog='Example: hameau card lost "K7M2 9QXD" --reason "Left on the train"')
def lost(context: typer.Context, card: Card, reason: Reason = "", as_json: AsJson = False) -> None:
    """Declare a card lost: it no longer pays."""
    tell(act(context, "card.lost", card=card, reason=reason), as_json=as_json)


@cli.command(epilog='Example: hameau card found "K7M2 9QXD"')
def found(context: typer.Context, card: Card, reason: Reason = "", as_json: AsJson = False) -> None:
    """Say that a lost card is found: it pays again."""
    tell(act(context, "card.found", card=card, reason=reason), as_json=as_json)


@cli.command(epilog='Example: hameau card keys "K7M2 9QXD" --json')
def keys(context: typer.Context, card: Card, as_json: AsJson = False) -> None:
    """Print what a maker writes into the chip of an NTAG 424 DNA card. These are secrets.

    The zeros of the address are where the chip puts its message: PICCData, then the CMAC over nothing.
    """
    tell(act(context, "card.keys", card=card), as_json=as_json)
