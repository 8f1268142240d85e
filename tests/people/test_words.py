"""Addresses, names, proofs and devices: pure rules, tried on anything."""

import uuid
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.errors import Invalid
from kit.i18n import speaking
from people.devices import device_words
from people.permissions import opened_by, permissions_of, roles_with
from people.proofs import code_hash, digits_of, hash_of, new_proof, new_token, same
from people.words import clean_name, folded, local_path, normal_email, scope_words

KEY = b"k" * 32


def read(rule: Callable[[str], str], text: str) -> str | Invalid:
    """What the rule makes of a text, or its refusal."""
    try:
        return rule(text)
    except Invalid as refusal:
        return refusal


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" Camille@Example.ORG ", "camille@example.org"),
        ("camille+lettre@example.org", "camille+lettre@example.org"),
        ("Ｃamille@example.org", "camille@example.org"),
        ("camille@École.fr", "camille@xn--cole-9oa.fr"),
        ("root@localhost", "root@localhost"),
    ],
)
def test_an_address_has_one_form(text: str, address: str) -> None:
    assert normal_email(text) == address
    assert normal_email(address) == address


@settings(deadline=None)
@given(st.text(max_size=80) | st.emails())
def test_an_address_is_normal_or_refused_by_name(text: str) -> None:
    address = read(normal_email, text)
    if isinstance(address, Invalid):
        assert "email" in address.fields
        return
    assert normal_email(address) == address
    assert address.isascii()
    assert address.isprintable()
    assert " " not in address
    assert address.count("@") == 1


@settings(deadline=None)
@given(st.text(max_size=200))
def test_a_name_is_one_printable_line_or_refused(text: str) -> None:
    name = read(clean_name, text)
    if isinstance(name, Invalid):
        assert "name" in name.fields
        return
    assert clean_name(name) == name
    assert not set(name) & set("\n\r\t\x00\u202e")


@settings(deadline=None)
@given(st.text(max_size=60))
def test_folding_forgets_case_and_accents(text: str) -> None:
    assert folded(folded(text)) == folded(text) or not text.isascii()
    assert folded("ÉLODIE Ça") == "elodie ca"


@settings(deadline=None)
@given(st.text(max_size=60))
def test_going_back_never_leaves_the_site(text: str) -> None:
    path = local_path(text)
    assert path in ("", text)
    if path:
        assert path[0] == "/"
        assert path[1:2] not in {"/", "\\"}
        assert "\\" not in path
        assert not set(path) & set("\t\r\n")


def test_codes_are_six_digits_and_links_256_bits() -> None:
    proofs = [new_proof() for _ in range(200)]
    assert all(len(proof.code) == 6 and proof.code.isdigit() for proof in proofs)
    assert len({proof.link for proof in proofs}) == 200
    assert all(len(proof.link) == 43 for proof in proofs)
    assert new_token().startswith("hameau_")


@settings(deadline=None)
@given(st.text(max_size=30), st.text(max_size=30))
def test_a_code_counts_for_its_digits_its_attempt_and_its_key(one: str, other: str) -> None:
    attempt, elsewhere = uuid.UUID(int=1), uuid.UUID(int=2)
    right = code_hash(KEY, attempt, one)
    assert same(right, code_hash(KEY, attempt, f" {one} "))
    assert same(right, code_hash(KEY, attempt, other)) == (digits_of(one) == digits_of(other))
    assert not same(right, code_hash(KEY, elsewhere, one))
    assert not same(right, code_hash(b"x" * 32, attempt, one))
    assert not same(None, right)


def test_more_digits_than_six_are_not_cut_into_a_right_code() -> None:
    attempt = uuid.UUID(int=1)
    assert not same(code_hash(KEY, attempt, "123456"), code_hash(KEY, attempt, "1234567"))


@settings(deadline=None)
@given(st.text())
def test_hashing_never_fails(text: str) -> None:
    assert len(hash_of(text)) == 32


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0", "Firefox, Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge, Windows"),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_a_browser_is_said_in_words(agent: str, words: str) -> None:
    assert device_words(agent) == words


TABLE = {"agenda.edit": ("agenda_editor",), "settings.manage": (), "office.enter": ("*",)}


def test_an_administrator_may_everything_and_a_star_means_any_role() -> None:
    assert permissions_of(TABLE, ["administrator"]) == set(TABLE)
    assert permissions_of(TABLE, ["cashier"]) == {"office.enter"}
    assert permissions_of(TABLE, ["agenda_editor", "cashier"]) == {"office.enter", "agenda.edit"}
    assert permissions_of(TABLE, []) == frozenset()
    assert roles_with(TABLE, "agenda.edit", ["cashier", "agenda_editor", "administrator"]) == [
        "agenda_editor",
        "administrator",
    ]


def test_a_star_opens_every_scope_of_the_house() -> None:
    known = frozenset({"events:write", "places:write"})
    assert opened_by(["*"], known) == known
    assert opened_by(["events:write"], known) == {"events:write"}


def test_scopes_are_said_in_words() -> None:
    assert scope_words("events:write") == "Events (read and write)"
    assert scope_words("unknown:write") == "unknown:write"
    with speaking("fr"):
        assert scope_words("events:read") == "Évènements (lire)"
        assert scope_words("*") == "Tout"
