"""Units: committed together, undone alone, answered after the commit."""


from config.collective import Collective
from kit.choices import read_choice, save_choice
from kit.db import Database


def test_a_unit_is_read_back(db: Database) -> None:
    db.write(lambda session: save_choice(session, Collective(name="Café des Halles")))
    with db.read() as session:
        assert read_choice(session, Collective).name == "Café des Halles"
