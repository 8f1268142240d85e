"""What `hameau card …` asks for, carried out by whoever owns the database."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from kit.app import App
from kit.auth import Principal
from kit.errors import Invalid
from kit.i18n import _
from wallet.card_refusals import BatchWrong, TotalDiffers
from wallet.card_words import MISTAKE_WORDS
from wallet.cards.amount import BadAmount, read_amount
from wallet.cards.number import shown_number
from wallet.cards.reading import Tap
from wallet.cards.table import Preview
from wallet.cards.uid import NOTATIONS, shown_uid
from wallet.deciding import let_ledger_decide
from wallet.keyring import card_keys
from wallet.models.card import NTAG424, PassCard
from wallet.models.currency import Currency
from wallet.queries.balances import balances
from wallet.queries.batches import preview_batch
from wallet.queries.cards import Wanted, find_card, list_cards, owner_of
from wallet.refusals import CurrencyUnknown
from wallet.service.cards import states
from wallet.service.cards.batches import OpeningBalances, import_batch

BY = Principal(name="hameau card")
Args = dict[str, Any]
CENTS = 2
MOST_TOLD = 20


def listing(app: App, args: Args) -> Args:
    """Cards by number, a page at a time."""
    with app.db.read() as session:
        wanted = Wanted(args.get("q", ""), args.get("state", ""), args.get("staff", False))
        found = list_cards(session, wanted, args.get("page", 1))
        rows = [
            row_of(line.card) | {"person": line.person.called if line.person else ""} for line in found.lines
        ]
        return {"cards": rows, "total": found.total}


def lookup(app: App, args: Args) -> Args:
    """The card that a text means, whose it is, what it opens. Raises CardUnknown, CardAmbiguous, … ."""
    with app.db.read() as session:
        card = _found(app, session, args["card"])
        person = owner_of(session, card)
        held = [
            {"currency": one.currency.code, "amount": one.amount, "scale": one.currency.scale}
            for one in balances(session, card.wallet_id)
        ]
        told = {"wallet": str(card.wallet_id), "person": person.called if person else "", "balances": held}
        return row_of(card) | told


def lost(app: App, args: Args) -> Args:
    """The card no longer pays. Raises CardUnknown, CardReplaced."""
    return _switch(app, args, states.mark_lost)


def found(app: App, args: Args) -> Args:
    """The card pays again. Raises CardUnknown, CardReplaced, CardBlocked."""
    return _switch(app, args, states.mark_found)


def bring(app: App, args: Args) -> Args:
    """A list of cards as one batch. Raises Invalid and its children, CurrencyUnknown, CurrencyArchived."""
    notation = args.get("notation", "hex")
    if notation not in NOTATIONS:
        raise Invalid(_("I choose one of the answers of the list."), fields={"notation": notation})

    def unit(session: Session) -> Args:
        currency = _currency(app, session, args.get("currency", ""))
        scale = currency.scale if currency else CENTS
        preview = preview_batch(session, args["text"], notation, scale)
        _refuse_mistakes(preview)
        opening = _opening(args, preview, currency)
        batch = import_batch(
            session, BY, args["name"], preview.rows, opening, is_ntag424=args.get("ntag424", False)
        )
        return {
            "batch": str(batch.id),
            "name": batch.name,
            "cards": len(preview.rows),
            "total": preview.total,
        }

    let_ledger_decide(app)
    try:
        return app.db.write(unit)
    except Invalid as refusal:
        raise type(refusal)(" ".join(refusal.fields.values()) or refusal.sentence) from refusal


def keys(app: App, args: Args) -> Args:
    """What a maker writes into the chip of an NTAG 424 DNA card. Raises CardUnknown, Invalid."""
    with app.db.read() as session:
        card = _found(app, session, args["card"])
        if card.chip != NTAG424 or card.uid is None:
            raise Invalid(_("The chip of this card cannot prove its taps."))
        secrets = card_keys(app)
        return {
            "uid": card.uid,
            "address": f"{app.settings.node.url}/c/{card.code}?picc_data={'0' * 32}&cmac={'0' * 16}",
            "meta_read_key": secrets.meta.hex().upper(),
            "file_read_key": secrets.of_card(card.uid).hex().upper(),
        }


def row_of(card: PassCard) -> Args:
    """A card as one line of an answer."""
    return {
        "id": str(card.id),
        "number": shown_number(card.number),
        "uid": shown_uid(card.uid) if card.uid else "",
        "code": card.code,
        "kind": card.kind,
        "chip": card.chip,
        "state": card.state,
    }


def _found(app: App, session: Session, text: str) -> PassCard:
    return find_card(session, Tap(text=text), card_keys(app)).card


def _switch(app: App, args: Args, verb: Any) -> Args:
    with app.db.read() as session:
        card_id: UUID = _found(app, session, args["card"]).id
    return app.db.write(lambda session: row_of(verb(session, BY, card_id, args.get("reason", ""))))


def _currency(app: App, session: Session, code: str) -> Currency | None:
    if not code:
        return None
    found = session.scalars(select(Currency).where(Currency.code == code)).one_or_none()
    if found is None:
        raise CurrencyUnknown(cause=code)
    return found


def _refuse_mistakes(preview: Preview) -> None:
    told = [
        f"{row.line}: {' '.join(str(MISTAKE_WORDS[mistake]) for mistake in row.mistakes)}"
        for row in preview.errors[:MOST_TOLD]
    ]
    if told:
        raise BatchWrong("\n".join([str(BatchWrong.default), *told]))


def _opening(args: Args, preview: Preview, currency: Currency | None) -> OpeningBalances | None:
    if not preview.total:
        return None
    if currency is None:
        raise Invalid(_("The list holds balances: I say in which currency."))
    try:
        total = read_amount(args.get("confirm_total", ""), currency.scale)
    except BadAmount as error:
        raise TotalDiffers from error
    return OpeningBalances(currency.id, args.get("account") or args["name"], total)


COMMANDS = {
    "card.list": listing,
    "card.lookup": lookup,
    "card.lost": lost,
    "card.found": found,
    "card.import": bring,
    "card.keys": keys,
}
