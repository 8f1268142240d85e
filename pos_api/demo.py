"""Operators of the demonstration, and a pairing code that may be used again."""

from functools import partial

from sqlalchemy.orm import Session

from kit.app import App
from kit.auth import Principal
from pos_api import flows
from pos_api.models.operator import CASHIER, MANAGER
from pos_api.service import operators
from pos_api.service.operators import OperatorValues

BY = Principal(name="hameau demo")
TEAM = (("E1", "Équipe 1", "1111", CASHIER), ("E3", "Équipe 3", "3333", MANAGER))
NAME = "Tablette"


def add_team(app: App) -> None:
    """Two operators: PIN 1111 sells, PIN 3333 may do everything."""
    for code, label, pin, rights in TEAM:
        said = OperatorValues(code, label, frozenset(rights), pin=flows.ready_pin(app, pin))
        app.db.write(partial(_add, said=said))


def pairing_code(app: App) -> dict[str, str]:
    """The code that is printed."""
    return {"till_pairing_code": flows.make_code(app, BY, NAME, is_reusable=True).code}


def _add(session: Session, said: OperatorValues) -> None:
    operators.create(session, BY, said)
