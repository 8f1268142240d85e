"""Sensitive operations in the sealed journal: whoever changes a price can no longer say it never was."""

from sqlalchemy.orm import Session

from config.collective import Collective
from kit.auth import Principal
from kit.choices import read_choice
from kit.ids import new_id
from sales.choices import SalesRules
from sales.journal.asking import Calendar, Happened
from sales.journal.shapes import Chain, Link
from sales.service.recording import record
from wallet.ledger.shapes import content_hash


def note(
    session: Session,
    by: Principal,
    what: str,
    about: str,
    *,
    before: str = "",
    after: str = "",
    chain: Chain = "real",
) -> Link:
    """Write down that `what` ("price", "device", "operator", …) happened to `about`, within this unit.

    Nothing personal belongs in these words: people are named by their id.
    """
    said = (what, about, before, after)
    who = str(by.person_id or by.name)
    return record(
        session,
        Happened(
            id=new_id(), content=content_hash("note", who, said), chain=chain,
            calendar=calendar_of(session), what=what, about=about, by=who, before=before, after=after,
        ),
    )  # fmt: skip


def calendar_of(session: Session) -> Calendar:
    """When a business day ends here."""
    zone = read_choice(session, Collective).timezone
    return Calendar(zone=zone, pivot=read_choice(session, SalesRules).pivot_hour)
