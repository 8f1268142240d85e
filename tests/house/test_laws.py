"""The laws that a reader cannot see in one file: each message names the place and the remedy."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.house import tree

# Written in two pieces, so that this file does not break the laws it keeps.
UNFINISHED = re.compile(
    "|".join(("NotImplemented" + "Error", r"\bTO" + r"DO\b", r"\bFIX" + r"ME\b", r"\bX" + r"XX\b"))
)
SKIPPED = re.compile(r"mark\.(skip|xfail)" + r"|pytest\.(skip|xfail|importorskip)\(" + r"|unittest\.skip")
COMMIT = re.compile(r"\.commit\(\)")
FOLDERS = r"(?<![\w.])/(?:work|root|opt|home/\w+|Users/\w+)/\w"
MACHINE = re.compile(FOLDERS + r"|py" + r"pi\.|python" + "hosted")
OUTSIDE = re.compile(
    r"""(?:src|href|action|poster|srcset)\s*=\s*["']\s*(?:https?:)?//|url\(\s*["']?(?:https?:)?//"""
)
IMPORTED = re.compile(r"""(?:\bfrom|\bimport\(?|@import|fetch\()\s*(?:url\()?["'](?:https?:)?//""")


def found(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    return [
        f"\n  {tree.named(path)}:{number}: {line.strip()[:90]}"
        for path, number, line in matches(pattern, paths)
    ]


def matches(pattern: re.Pattern[str], paths: list[Path]) -> Iterator[tuple[Path, int, str]]:
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if pattern.search(line):
                yield path, number, line


def python() -> list[Path]:
    return [path for path in tree.files() if path.suffix == ".py"]


def ours(*suffixes: str) -> list[Path]:
    return [path for path in tree.files() if path.suffix in suffixes and "vendor" not in path.parts]


def test_nothing_is_left_unfinished() -> None:
    places = found(UNFINISHED, ours(".py", ".html", ".css", ".js", ".po"))
    assert not places, f"Finish it, or say in an issue what is missing:{''.join(places)}"


def test_no_test_is_skipped() -> None:
    places = found(SKIPPED, tree.under("tests", suffix=".py"))
    assert not places, (
        f"Make it run, or take it out; only bin/test leaves tests out, loudly:{''.join(places)}"
    )


def test_only_kit_db_commits() -> None:
    elsewhere = [p for p in tree.product() if not tree.named(p).startswith(("kit/db", "migrations/"))]
    places = found(COMMIT, elsewhere)
    assert not places, f"Give a unit to Database.write: one edge opens and commits.{''.join(places)}"


def test_integrity_is_never_an_assertion() -> None:
    places = found(re.compile(r"^\s*assert\b"), tree.product())
    assert not places, f"`python -O` removes assertions. Raise a named error instead:{''.join(places)}"


def test_no_place_of_one_machine_is_written() -> None:
    places = found(MACHINE, [path for path in tree.texts() if path.name not in {"LICENSE", "LICENSE.txt"}])
    assert not places, f"A file names a folder of one machine or a registry's host:{''.join(places)}"


def test_screens_take_nothing_from_other_hosts() -> None:
    places = found(OUTSIDE, tree.under("static", suffix=".css")) + found(IMPORTED, ours(".css", ".js"))
    links = re.compile(r"<a\b[^>]*>")
    for path, number, line in matches(OUTSIDE, tree.under("templates", suffix=".html")):
        if OUTSIDE.search(links.sub("", line)):
            places.append(f"\n  {tree.named(path)}:{number}: {line.strip()[:90]}")
    assert not places, f"Bring the file into static/, with its licence and version:{''.join(places)}"


def test_templates_hold_no_inline_style_or_script() -> None:
    inline = re.compile(
        r"""\sstyle\s*=\s*["']|\son(?:click|change|submit|load|input)\s*=|<script(?![^>]*\bsrc=)(?![^>]*json)"""
    )
    places = found(inline, [p for p in tree.under("templates", suffix=".html") if "mail" not in p.parts])
    assert not places, f"The content security policy refuses it; use a class or a module:{''.join(places)}"


def test_vendored_files_say_their_version_and_licence() -> None:
    vendored = [path for path in tree.files() if "vendor" in path.parts]
    folders = {Path(*path.parts[: path.parts.index("vendor") + 2]) for path in vendored}
    nameless = [tree.named(folder) for folder in folders if not re.search(r"-\d+(\.\d+)*$", folder.name)]
    bare = [tree.named(folder) for folder in folders if not any(folder.glob("*LICEN[CS]E*"))]
    assert not nameless, f"Name the folder library-version: {nameless}"
    assert not bare, f"Put the library's LICENSE beside it: {bare}"


def test_fonts_and_pictures_of_others_say_their_licence() -> None:
    fonts = [path for path in tree.files() if path.suffix in {".woff2", ".ttf", ".otf"}]
    bare = {tree.named(path.parent) for path in fonts if not any(path.parent.glob("*OFL*"))}
    assert not bare, f"Put the fonts' licence beside them: {sorted(bare)}"


def test_no_large_file() -> None:
    limit = 500_000
    whole = {"axe.min.js"}  # one vendored tool of the browser tests, never sent to anybody
    large = [
        f"{tree.named(path)} {path.stat().st_size // 1000} kB"
        for path in tree.files()
        if path.stat().st_size > limit and path.name not in whole
    ]
    assert not large, f"A file of the project has at most 500 kB: {large}"
