"""A refusal speaks the language of whoever reads it."""

from kit.errors import Forbidden
from kit.i18n import speaking


def test_the_usual_sentence_is_worded_for_its_reader() -> None:
    with speaking("en"):  # as in the writer, which serves readers of every language
        refusal = Forbidden()
    with speaking("fr"):
        assert refusal.sentence == "Je n’ai pas le droit de faire cela."
    with speaking("en"):
        assert refusal.sentence == "I do not have the right to do this."


def test_a_sentence_that_was_given_stays() -> None:
    assert Forbidden("Not on Sundays.").sentence == "Not on Sundays."
