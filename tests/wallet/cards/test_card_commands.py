"""`hameau card …`: listed, looked up, brought in, lost and found, for people and for scripts."""

import pytest
from msgspec import structs

from config.settings import CardsSettings, Settings, SettingsError, load_settings
from kit.app import App
from kit.db import Database
from kit.errors import Invalid
from node.app import build
from node.features import FEATURES
from tests.wallet.cards.holders import CHIP, add_card, add_currency, top_up
from wallet.card_refusals import BatchWrong, TotalDiffers
from wallet.cards.number import shown_number
from wallet.cards.reading import Tap
from wallet.cards.sun import Proven, mac_of, write_picc
from wallet.commands_cards import COMMANDS
from wallet.keyring import card_keys
from wallet.models.currency import Currency
from wallet.queries.cards import find_card
from wallet.refusals import CardUnknown, CurrencyUnknown

LIST = "uid;number;balance\n04A21B3C;001;12,50\n04A21B3D;002;0\n"


def ask(app: App, command: str, **args: object) -> dict[str, object]:
    return COMMANDS[command](app, args)


def code_of_currency(app: App) -> str:
    currency = add_currency(app)
    with app.db.read() as session:
        return session.get_one(Currency, currency).code


def test_a_card_is_looked_up_lost_and_found(app: App) -> None:
    code = code_of_currency(app)
    card = add_card(app, uid=CHIP)
    top_up(app, card, 700)
    told = ask(app, "card.lookup", card="04-a2-1b-3c-4d-5e-80")
    assert told["number"] == shown_number(card.number)
    assert told["uid"] == "04:A2:1B:3C:4D:5E:80"
    assert told["balances"] == [{"currency": code, "amount": 700, "scale": 2}]
    assert ask(app, "card.lost", card=card.number, reason="train")["state"] == "lost"
    assert [one["number"] for one in ask(app, "card.list", state="lost")["cards"]] == [told["number"]]  # type: ignore[attr-defined]
    assert ask(app, "card.found", card=card.code)["state"] == "active"
    with pytest.raises(CardUnknown):
        ask(app, "card.lookup", card="nobody")


def test_a_list_is_brought_in_with_its_total(app: App) -> None:
    code = code_of_currency(app)
    said = {"text": LIST, "name": "March", "currency": code}
    with pytest.raises(TotalDiffers):
        ask(app, "card.import", **said, confirm_total="12")
    told = ask(app, "card.import", **said, confirm_total="12.50")
    assert (told["cards"], told["total"]) == (2, 1250)
    assert ask(app, "card.lookup", card="001")["balances"] == [{"currency": code, "amount": 1250, "scale": 2}]


def test_a_list_is_brought_in_while_no_server_runs(db: Database, settings: Settings) -> None:
    alone = build(settings, FEATURES, db)
    code = code_of_currency(alone)
    told = ask(alone, "card.import", text=LIST, name="March", currency=code, confirm_total="12.50")
    assert told["cards"] == 2


def test_a_wrong_list_names_its_lines(app: App) -> None:
    with pytest.raises(BatchWrong) as refused:
        ask(app, "card.import", text="uid\n04A2\n", name="March")
    assert "2: " in refused.value.sentence
    for wrong, more in ((Invalid, {}), (CurrencyUnknown, {"currency": "moon"}), (Invalid, {"notation": "x"})):
        with pytest.raises(wrong):
            ask(app, "card.import", text=LIST, name="March", **more)


def test_keys_of_chips_are_the_operator_s_or_derived(app: App, settings: Settings) -> None:
    derived = card_keys(app)
    assert derived.meta != derived.master
    chosen = CardsSettings(ntag_meta_key="00" * 16, ntag_master_key="0f" * 16)
    app.settings = structs.replace(settings, cards=chosen)
    assert (card_keys(app).meta, card_keys(app).master) == (bytes(16), b"\x0f" * 16)


def test_keys_of_chips_come_from_the_environment_and_are_checked() -> None:
    environment = {"HAMEAU_SECRET_KEY": "s" * 40, "HAMEAU_CARDS_NTAG_META_KEY": "0a" * 16}
    assert load_settings(None, environment).cards.ntag_meta_key == "0a" * 16
    with pytest.raises(SettingsError, match="cards"):
        load_settings(None, environment | {"HAMEAU_CARDS_NTAG_MASTER_KEY": "short"})


def test_a_maker_gets_the_keys_of_one_chip_and_its_taps_are_proven(app: App) -> None:
    add_card(app, uid=CHIP, chip="ntag424")
    plain = add_card(app, uid="04A21B3C")
    told = ask(app, "card.keys", card=CHIP)
    file_key = bytes.fromhex(str(told["file_read_key"]))
    now = Proven(CHIP, 7)
    picc_data = write_picc(now, bytes.fromhex(str(told["meta_read_key"])), b"noise").hex()
    address = str(told["address"]).replace("0" * 32, picc_data)
    written = address.replace("=" + "0" * 16, "=" + mac_of(now, file_key).hex())
    with app.db.read() as session:
        assert find_card(session, Tap(text=written), card_keys(app)).counter == 7
    with pytest.raises(Invalid):
        ask(app, "card.keys", card=plain.number)
