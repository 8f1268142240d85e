"""Choices made on screen."""

from typing import ClassVar

import msgspec
import pytest
from msgspec import Struct
from sqlalchemy.orm import Session

from config.collective import Collective, FeaturesOff
from kit.choices import StoredChoice, read_choice, save_choice
from kit.db import Database


class Nameless(Struct, frozen=True):
    size: int = 1


class Strict(Struct, frozen=True):
    choice_name: ClassVar[str] = "collective"

    name: int = 0


def test_defaults_stand_until_something_is_chosen(db: Database) -> None:
    with db.read() as session:
        assert read_choice(session, Collective) == Collective()


def test_a_choice_is_kept_and_changed(db: Database) -> None:
    db.write(lambda session: save_choice(session, Collective(name="Café des Halles")))
    db.write(lambda session: save_choice(session, Collective(name="Café du Pont", latitude=48.1)))
    db.write(lambda session: save_choice(session, FeaturesOff(names=("agenda",))))
    with db.read() as session:
        assert read_choice(session, Collective) == Collective(name="Café du Pont", latitude=48.1)
        assert read_choice(session, FeaturesOff).names == ("agenda",)


def test_fields_added_later_take_their_default(db: Database) -> None:
    def older(session: Session) -> None:
        save_choice(session, Collective())
        row = session.get_one(StoredChoice, "collective")
        row.value = '{"name": "Old", "forgotten": true}'

    db.write(older)
    with db.read() as session:
        assert read_choice(session, Collective) == Collective(name="Old")


def test_a_row_of_another_shape_is_an_error(db: Database) -> None:
    db.write(lambda session: save_choice(session, Collective()))
    with db.read() as session, pytest.raises(msgspec.ValidationError):
        read_choice(session, Strict)


def test_a_shape_needs_a_stable_name(db: Database) -> None:
    with pytest.raises(TypeError, match="choice_name"):
        db.write(lambda session: save_choice(session, Nameless()))
