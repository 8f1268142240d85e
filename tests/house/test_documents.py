"""The pages say what the code does: generated ones are current, the others are compared with the checkout."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from config import document
from config.settings import load_settings
from tests.house import messages, tree

LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
JARGON = re.compile(r"\b(cashless|tenant|webhook|node id|log ?in|account|asset|token)\b", re.IGNORECASE)
PUBLIC = {"site", "my", "home", "agenda", "public", "sign_in"}


def page(name: str) -> str:
    return (tree.ROOT / name).read_text(encoding="utf-8")


def test_the_page_of_settings_is_current() -> None:
    assert page("docs/settings.md") == document.page(), "Run: python -m config.document"


def test_the_example_of_settings_is_current() -> None:
    assert page("config/node.example.toml") == document.example(), "Run: python -m config.document"


def test_every_setting_is_explained() -> None:
    silent = [
        line for line in document.page().splitlines() if line.startswith("| `") and line.endswith("|  |")
    ]
    assert not silent, f"Give these settings a Meta(description=…): {silent}"


def test_a_node_can_read_the_example(tmp_path: Path) -> None:
    file = tmp_path / "node.toml"
    file.write_text(document.example(), encoding="utf-8")
    assert load_settings(file, {"HAMEAU_SECRET_KEY": "s" * 32}) == load_settings(
        _without_comments(file), {"HAMEAU_SECRET_KEY": "s" * 32}
    )


def _without_comments(file: Path) -> Path:
    bare = file.with_name("bare.toml")
    kept = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    bare.write_text("\n".join(kept), encoding="utf-8")
    return bare


def test_the_readme_starts_with_the_two_commands() -> None:
    commands = page("README.md").split("```")[1].splitlines()[1:]
    assert [command.split()[0] for command in commands[:2]] == ["bin/demo", "bin/test"]


def test_the_readme_shows_a_picture() -> None:
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", page("README.md"))
    missing = [name for name in pictures if not (tree.ROOT / name).is_file()]
    assert pictures, "The README has one picture of what a stranger will see"
    assert not missing, f"No such picture: {missing}"


def test_commands_of_the_readme_exist() -> None:
    named = set(re.findall(r"(?<![\w/.])(bin/[a-z]+)", page("README.md") + page("CONTRIBUTING.md")))
    assert not [name for name in named if not (tree.ROOT / name).is_file()]
    modules = set(re.findall(r"`python -m ([\w.]+)", page("README.md") + page("CONTRIBUTING.md")))
    places = [tree.ROOT / (name.replace(".", "/") + ".py") for name in modules]
    assert not [tree.named(place) for place in places if not place.is_file()]


def test_the_changelog_has_a_place_for_what_comes() -> None:
    headings = re.findall(r"^## (.+)$", page("CHANGELOG.md"), flags=re.MULTILINE)
    assert headings[0] == "Unreleased", "The first section of CHANGELOG.md is `## Unreleased`"


def links() -> Iterator[tuple[Path, str]]:
    for path in tree.files():
        if path.suffix == ".md":
            for target in (
                ()
                if tree.named(path).startswith("locale/")
                else LINK.findall(path.read_text(encoding="utf-8"))
            ):
                if not re.match(r"[a-z]+:", target):
                    yield path, target


def test_links_between_pages_lead_somewhere() -> None:
    broken = [
        f"{tree.named(path)}: {target}" for path, target in links() if not (path.parent / target).exists()
    ]
    assert not broken, f"No such file: {broken}"


def test_every_record_of_a_choice_is_listed_and_whole() -> None:
    records = sorted((tree.ROOT / "docs/adr").glob("[0-9]*.md"))
    listed = page("docs/adr/README.md")
    numbers = [record.name[:4] for record in records]
    assert numbers == [f"{number:04}" for number in range(1, len(records) + 1)], (
        "Records are numbered without holes"
    )
    for record in records:
        text = record.read_text(encoding="utf-8")
        assert record.name in listed, f"List {record.name} in docs/adr/README.md"
        for part in ("**Open.**", "**Chosen.**", "**Why.**", "**Costs.**"):
            assert part in text, f"{record.name} does not say {part}"


def test_rooms_in_parentheses_are_not_built_and_others_are() -> None:
    text = page("docs/house.md")
    rows = re.findall(r"^\| \d+ \| ([^|]+) \|", text, flags=re.MULTILINE)
    names = {name.strip() for row in rows for name in row.split("·")}
    built = {name for name in names if not name.startswith("(")}
    planned = {name.strip("()") for name in names if name.startswith("(")}
    assert built == set(tree.packages()) - {"tests", "benchmarks", "migrations"}
    assert not planned & set(tree.packages()), "Take the parentheses away in docs/house.md"


def rows_of_words() -> list[list[str]]:
    rows = [line for line in page("docs/words.md").splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", row.strip("|"))] for row in rows[1:]]


def test_words_are_said_once() -> None:
    rows = rows_of_words()
    crooked = [row for row in rows if len(row) != 5]
    french = [row[0] for row in rows]
    assert not crooked, f"French, English, identifier, room, meaning: {crooked}"
    assert len(french) == len(set(french)), "One idea, one row"


@pytest.mark.parametrize("row", rows_of_words(), ids=lambda row: row[1].replace(" ", "-"))
def test_a_room_uses_its_words(row: list[str]) -> None:
    _french, _english, identifiers, room, _meaning = row
    for identifier in re.findall(r"`(?:\w+=\")?([a-z_]+)", identifiers) if room in tree.packages() else ():
        assert identifier in names(room), f"{room} owns the word `{identifier}` and never says it"


@cache
def names(room: str) -> str:
    """All that a room writes in Python, in one text."""
    return "\n".join(path.read_text(encoding="utf-8") for path in tree.under(room, suffix=".py"))


def test_public_screens_speak_plainly() -> None:
    spoken = [
        f"\n  {sentence.places[0]}: {messages.key(sentence.text)!r}"
        for sentence in messages.sentences().values()
        if JARGON.search(messages.key(sentence.text)) and is_public(sentence)
    ]
    assert not spoken, f"docs/words.md has a plainer word:{''.join(spoken)}"


def is_public(sentence: messages.Sentence) -> bool:
    """Shown by a template of the site, not by the back office's."""
    return any(
        place.startswith("templates/") and "/admin" not in place and "/office" not in place
        for place in sentence.places
    )


def test_the_licence_is_whole() -> None:
    text = page("LICENSE")
    assert text.lstrip().startswith("GNU AFFERO GENERAL PUBLIC LICENSE")
    assert len(text.splitlines()) == 661
    assert "13. Remote Network Interaction" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_the_two_locks_agree() -> None:
    node, tools = pins("requirements.txt"), pins("requirements-dev.txt")
    assert node.items() <= tools.items(), "Run: bin/lock"


def test_the_locks_hold_what_the_project_asks() -> None:
    project = tree.pyproject()
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["build"]]
    wanted += [
        name for extra in ("postgres", "fast") for name in project["project"]["optional-dependencies"][extra]
    ]
    assert not missing(wanted, "requirements.txt"), "Run: bin/lock"
    assert not missing([*wanted, *project["dependency-groups"]["dev"]], "requirements-dev.txt"), (
        "Run: bin/lock"
    )


def missing(wanted: list[str], lock: str) -> list[str]:
    return [text for text in wanted if _distribution(text) not in pins(lock)]


def _distribution(requirement: str) -> str:
    return re.split(r"[\[<>=!;~ ]", requirement)[0].lower().replace("_", "-")


def pins(name: str) -> dict[str, str]:
    """Distribution and exact version of every line of a lock file."""
    return dict(re.findall(r"^([\w.-]+)==([^\s;\\]+)", page(name), flags=re.MULTILINE))


def test_the_locks_name_no_host_and_every_hash() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        assert "://" not in page(name), "Run: bin/lock"
        assert page(name).count("==") - page(name).count("-- ") <= page(name).count("--hash=sha256:")
