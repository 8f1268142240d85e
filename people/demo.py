"""Invented people for the demonstration: one for each role, and links that sign them in again and again."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from kit.auth import Principal
from people.models.person import ADMINISTRATOR, Person
from people.models.sign_in import DemoLink
from people.permissions import EVERY_SCOPE
from people.proofs import hash_of, new_secret, new_token
from people.service import persons, roles, tokens
from people.words import folded

MEMBER = "member"
BY = Principal(name="hameau demo")


@dataclass(frozen=True)
class Extra:
    """One invented person."""

    name: str
    role: str


TEAMS: dict[str, tuple[Extra, ...]] = {
    "escargotiere": (
        Extra("Odile Marchand", ADMINISTRATOR),
        Extra("Bastien Fournier", "agenda_editor"),
        Extra("Yasmine Haddad", "treasurer"),
        Extra("Lucas Perrin", "cashier"),
        Extra("Colette Aubry", MEMBER),
    ),
    "grange": (
        Extra("Marius Delattre", ADMINISTRATOR),
        Extra("Inès Carvalho", "agenda_editor"),
        Extra("Paulin Roche", "door_checker"),
        Extra("Solène Vidal", MEMBER),
    ),
    "tournevis": (
        Extra("Fatou Diallo", ADMINISTRATOR),
        Extra("Gérard Lemoine", "agenda_editor"),
        Extra("Nora Belkacem", "till_manager"),
        Extra("Hugo Tessier", MEMBER),
    ),
}
ANYONE = (
    Extra("Camille Durand", ADMINISTRATOR),
    Extra("Alix Renaud", "agenda_editor"),
    Extra("Dominique Faure", MEMBER),
)


def make_team(session: Session, name_key: str) -> dict[str, str]:
    """Add the people of one demo node; the addresses of their links and the administrator's API key.

    Keys: `api_token`, `admin_sign_in`, `member_sign_in`, `{role}_sign_in` for the others; links are paths.
    """
    told: dict[str, str] = {}
    for extra in TEAMS.get(name_key, ANYONE):
        person = _welcome(session, extra, name_key)
        told[f"{'admin' if extra.role == ADMINISTRATOR else extra.role}_sign_in"] = _link(session, person)
        if extra.role == ADMINISTRATOR:
            told["api_token"] = _token(session, person)
    return told


def _welcome(session: Session, extra: Extra, name_key: str) -> Person:
    first_name = folded(extra.name.split()[0])
    email = f"{first_name}@{name_key if name_key.isalnum() else 'demo'}.example"
    person = persons.welcome(session, email, name=extra.name, language="fr")
    if extra.role != MEMBER:
        roles.set_roles(session, BY, person, [extra.role])
    return person


def _link(session: Session, person: Person) -> str:
    secret = new_secret()
    session.add(DemoLink(secret_hash=hash_of(secret), person_id=person.id))
    return f"/sign-in/demo/{secret}"


def _token(session: Session, person: Person) -> str:
    secret = new_token()
    tokens.make_token(session, BY, person, secret, name="Demo", scopes=[EVERY_SCOPE], known_scopes=())
    return secret
