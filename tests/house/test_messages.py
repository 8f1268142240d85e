"""French is complete: what the screens say in English, they say in French, once and surely."""

from tests.house import messages

HOW = "`python -m tests.house.messages` prints entries ready to translate by hand."


def listed(lines: list[str]) -> str:
    more = f"\n  … and {len(lines) - 40} more" if len(lines) > 40 else ""
    return "".join(f"\n  {line}" for line in lines[:40]) + more


def test_every_sentence_has_its_french() -> None:
    missing = [f"{messages.key(sentence.text)!r} ({sentence.places[0]})" for sentence in messages.missing()]
    assert not missing, f"{len(missing)} sentences have no French, or an unsure one. {HOW}{listed(missing)}"


def test_no_french_is_left_over() -> None:
    unused = messages.unused()
    assert not unused, f"Nothing says these any more: take them out of locale/fr.{listed(unused)}"


def test_one_sentence_has_one_french() -> None:
    twice = messages.contradictions()
    assert not twice, f"Two catalogues disagree: keep one entry.{listed(twice)}"


def test_blanks_are_the_same_in_both_languages() -> None:
    broken = messages.broken_holes()
    assert not broken, f"The French must fill the same blanks, such as %(name)s:{listed(broken)}"


def test_templates_show_no_untranslated_words() -> None:
    bare = messages.bare_text()
    assert not bare, f"Give these words to `_()` or `{{% trans %}}`:{listed(bare)}"
