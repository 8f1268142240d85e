"""What is wrong with a value is said in words for people, whoever asks and in their language."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from msgspec import Struct

from kit.errors import Invalid
from kit.forms import read_fields
from kit.i18n import speaking
from kit.shape_words import words_of
from kit.web.bodies import read_body
from node.features import FEATURES

MACHINE = re.compile(r"`|Expected|Invalid |RFC ?3339|regex|got |\$\.|length|enum")
"""What msgspec says, and nobody else."""
WRONG: tuple[Any, ...] = (
    [], {}, 3, -1, 1.5, "", "x" * 5_000, "q\u00e9 !", True, None, [1], [[]], {"a": 1}, 10**40, "2027-13-45",
    ["x"] * 10_000, -(10**40),
)  # fmt: skip


def bodies() -> list[type[Struct]]:
    """Every shape that a door of the house reads out of JSON."""
    found = {door.body for feature in FEATURES for door in feature.doors}
    return sorted((one for one in found if isinstance(one, type)), key=lambda one: one.__qualname__)


def refused(shape: type[Struct]) -> Iterator[str]:
    """All sentences about each field of a shape with each wrong value, of another shape, and of no object."""
    names = [field.encode_name for field in msgspec.structs.fields(shape)]
    said: list[Any] = [{name: value} for name in names for value in WRONG] + [[], {"zork": 1}, {}]
    for body in said:
        try:
            read_body(msgspec.json.encode(body), shape)
        except Invalid as refusal:
            yield from refusal.fields.values()


@pytest.mark.parametrize("shape", bodies(), ids=lambda one: one.__qualname__)
def test_no_door_answers_in_the_words_of_a_machine(shape: type[Struct]) -> None:
    told = {}
    for language in ("en", "fr"):
        with speaking(language):
            told[language] = set(refused(shape))
        assert not [one for one in told[language] if MACHINE.search(one)]
    assert told["en"]
    assert not told["en"] & told["fr"]


def alone(shape: type[Struct], name: str, value: Any) -> dict[str, str]:
    """What is said of one field, sent alone with this value; the others are missing, or as they were."""
    try:
        read_body(msgspec.json.encode({name: value}), shape)
    except Invalid as refusal:
        return {path: words for path, words in refusal.fields.items() if path.split(".")[0] == name}
    return {}


@pytest.mark.parametrize("shape", bodies(), ids=lambda one: one.__qualname__)
def test_every_wrong_field_of_every_door_is_said_as_if_it_were_alone(shape: type[Struct]) -> None:
    names = [field.encode_name for field in msgspec.structs.fields(shape)]
    for value in WRONG:
        one_by_one = {path: words for name in names for path, words in alone(shape, name, value).items()}
        if not one_by_one:
            continue
        with pytest.raises(Invalid) as refusal:
            read_body(msgspec.json.encode(dict.fromkeys(names, value)), shape)
        assert refusal.value.fields == one_by_one


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Expected `int`, got `str`", "Un nombre entier."),
        ("Expected `str | null`, got `int`", "Un texte."),
        ("Expected `str` of length <= 40", "Ce texte est trop long : 40 caractères au plus."),
        ("Expected `str` of length >= 1", "Je remplis ce champ."),
        ("Expected `str` of length >= 2", "Ce texte est trop court : 2 caractères au moins."),
        ("Expected `array` of length <= 200", "Il y en a trop : 200 au plus."),
        ("Expected `int` >= 1", "Ce nombre est trop petit : 1 au moins."),
        ("Expected `str` matching regex '^a >= 3$'", "Ce n’est pas écrit comme attendu."),
        ("Invalid enum value 'of length <= 5'", "Je choisis une des réponses de la liste."),
        ("something new of a later version", "Ce n’est pas écrit comme attendu."),
    ],
)
def test_each_fault_has_its_sentence(said: str, words: str) -> None:
    with speaking("fr"):
        assert words_of(said) == words


class Asked(Struct):
    many: int = 1


def test_a_form_says_it_in_the_same_words() -> None:
    with speaking("en"), pytest.raises(Invalid) as refusal:
        read_fields({"many": ["a lot"]}, Asked)
    assert refusal.value.fields == {"many": "A whole number."}
