"""Where things live: docs/house.md is the map, and the checkout is the country."""

import ast
import re
from pathlib import Path

import pytest

from tests.house import tree

FORBIDDEN_NAMES = {
    "utils",
    "util",
    "common",
    "helpers",
    "helper",
    "core",
    "misc",
    "manager",
    "managers",
    "base_service",
}
DOORS = {"pages", "api", "jobs", "federated"}
TOOLS = {"bin", ".ci", "tests", "benchmarks"}


def map_of_the_house() -> set[str]:
    """The names that stand before a slash in the tree of docs/house.md."""
    page = (tree.ROOT / "docs/house.md").read_text(encoding="utf-8")
    drawing = page.split("```")[1]
    return set(re.findall(r"^([\w.]+)/", drawing, flags=re.MULTILINE))


def test_every_package_and_folder_is_on_the_map() -> None:
    top = {path.relative_to(tree.ROOT).parts[0] for path in tree.files() if path.parent != tree.ROOT}
    unknown = top - map_of_the_house() - TOOLS
    assert not unknown, f"Not on the map of docs/house.md (a new room needs an ADR): {sorted(unknown)}"


def test_the_floors_of_the_page_are_the_floors_of_the_contracts() -> None:
    page = (tree.ROOT / "docs/house.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| ([^|]+) \|", page, flags=re.MULTILINE)
    floors = [
        {name.strip() for name in names.split("·")} for _, names in sorted(rows, key=lambda row: -int(row[0]))
    ]
    contract = next(c for c in tree.pyproject()["tool"]["importlinter"]["contracts"] if c["id"] == "floors")
    layers = [{name.strip() for name in layer.split("|")} for layer in contract["layers"]]
    assert floors == layers, "The table of docs/house.md and the floors contract of pyproject.toml differ"


def test_every_package_is_built_checked_and_guarded() -> None:
    rooms = set(tree.packages()) - {"tests", "benchmarks"}
    project = tree.pyproject()["tool"]
    guarded = set(project["importlinter"]["root_packages"]) | {"migrations"}
    assert set(project["hatch"]["build"]["targets"]["wheel"]["packages"]) == rooms
    assert set(project["mypy"]["files"]) == rooms | {"tests", "benchmarks"}
    assert guarded == rooms, "Add the package to root_packages of the import contracts"


def test_every_package_opens_with_its_charter() -> None:
    bare = []
    for path in tree.product() + tree.under("benchmarks", suffix=".py"):
        if path.name == "__init__.py" and not (ast.get_docstring(tree.parsed(path)) or "").strip():
            bare.append(tree.named(path))
    assert not bare, f"Say in one sentence, in the docstring, what the package is for: {bare}"


def is_only_a_charter(path: Path) -> bool:
    """A docstring, then at most the names that the package offers: imports and __all__."""
    docstring, *rest = tree.parsed(path).body
    offered = (ast.Import, ast.ImportFrom, ast.Assign)
    is_room = path.parent.parent == tree.ROOT
    return all(isinstance(node, offered) and not is_room for node in rest) and isinstance(docstring, ast.Expr)


def test_packages_hold_no_code_beside_their_charter() -> None:
    full = [
        tree.named(path)
        for path in tree.product()
        if path.name == "__init__.py" and not is_only_a_charter(path)
    ]
    assert not full, f"Move the code into a file named after what it does: {full}"


def test_modules_say_what_they_are_for() -> None:
    silent = [tree.named(path) for path in tree.product() if not ast.get_docstring(tree.parsed(path))]
    assert not silent, f"Open the file with one sentence about what it is for: {silent}"


def test_no_drawer_for_everything() -> None:
    drawers = [
        tree.named(p)
        for p in tree.files()
        if {p.stem, *p.relative_to(tree.ROOT).parts[:-1]} & FORBIDDEN_NAMES
    ]
    assert not drawers, f"Name the file after the one thing it does: {drawers}"


def imported_by(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(tree.parsed(path)):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level:
            pytest.fail(f"{tree.named(path)}:{node.lineno}: write the import from the root, not with dots")
    return found


def test_rooms_do_not_use_each_others_doors() -> None:
    trespass = []
    for path in tree.product():
        own = path.relative_to(tree.ROOT).parts[0]
        for name in imported_by(path):
            room, _, rest = name.partition(".")
            if room in tree.packages() and room not in {own, "kit"} and rest.split(".")[0] in DOORS:
                trespass.append(f"\n  {tree.named(path)} imports {name}")
    assert not trespass, (
        f"Call the room's service, flows or queries, or listen to its facts:{''.join(trespass)}"
    )


def test_tests_mirror_the_packages() -> None:
    beside = {"house", "village", "browser", "doors", "vectors", "factories", "stand_ins", "kill"}
    folders = {path.relative_to(tree.ROOT).parts[1] for path in tree.under("tests", suffix=".py")}
    folders = {name for name in folders if not name.endswith(".py")}
    strangers = folders - set(tree.packages()) - beside
    assert not strangers, f"tests/ mirrors the packages; these folders mirror nothing: {sorted(strangers)}"
