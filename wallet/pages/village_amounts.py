"""Limits as people write them: amounts in a currency, read and shown again."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from msgspec import Meta

from kit.errors import Invalid
from kit.web import Call
from wallet.models.currency import Currency
from wallet.money import parse_amount
from wallet.pages.showing import Counted, Euro

Money = Annotated[str, Meta(max_length=20)]
LIMITS = ("per_tap", "per_card_day", "per_minute", "node_max")
FIGURES = ("per_tap", "per_card", "per_card_day", "node_max")


def read_amounts(form: Any, names: Iterable[str], scale: int) -> dict[str, int]:
    """Minor units by name. Raises Invalid with a sentence for each amount that is none."""
    read, wrong = {}, {}
    for name in names:
        try:
            read[name] = parse_amount(getattr(form, name), scale)
        except Invalid as refusal:
            wrong[name] = refusal.sentence
    if wrong:
        raise Invalid(fields=wrong)
    return read


def written(call: Call, amounts: Mapping[str, int], scale: int) -> dict[str, str]:
    """The same, ready to be changed in a form; an amount of zero is left to be written."""
    mark = "," if call.language == "fr" else "."
    return {name: _digits(amount, scale, mark) if amount else "" for name, amount in amounts.items()}


def unit_of(currency: Currency | None) -> Counted:
    """How its amounts are written where its name is far: in euros when it is worth euros and has no sign."""
    if currency is None or (currency.at_par and not currency.symbol):
        return Euro()
    return currency


def _digits(amount: int, scale: int, mark: str) -> str:
    """Without groups of three, which not every reader of amounts takes: "1250.00"."""
    whole, cents = divmod(amount, 10**scale)
    return f"{whole}{mark}{cents:0{scale}d}" if scale else str(whole)
