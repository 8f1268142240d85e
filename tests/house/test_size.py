"""Small enough to be read: the sizes of docs/house.md, section 7. Only ever tightened."""

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.house import tree

SPLIT = "Remedy: give the second idea its own function, named after what it answers."
FOLDER = "Remedy: make it a folder of nouns with the same name, one idea per file."
Sized = tuple[int, str]


def share_within(sizes: list[int], limit: int) -> float:
    return sum(size <= limit for size in sizes) / len(sizes)


def largest(sized: list[Sized], limit: int) -> str:
    too_large = sorted((item for item in sized if item[0] > limit), reverse=True)[:15]
    return "".join(f"\n  {size} lines: {where}" for size, where in too_large)


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree.parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def function_sizes() -> list[Sized]:
    return [
        ((node.end_lineno or node.lineno) - node.lineno + 1, f"{tree.named(path)}:{node.lineno} {node.name}")
        for path in tree.product()
        for node in functions(path)
    ]


def file_sizes(paths: list[Path]) -> list[Sized]:
    return [(tree.lines(path), tree.named(path)) for path in paths]


def test_functions_are_short() -> None:
    sized = function_sizes()
    sizes = [size for size, _ in sized]
    assert median(sizes) <= 8, f"Half of all functions should have at most 8 lines. {SPLIT}"
    assert share_within(sizes, 30) >= 0.95, (
        f"95 % of functions have at most 30 lines. {SPLIT}{largest(sized, 30)}"
    )


def test_python_files_are_short() -> None:
    sized = file_sizes([path for path in tree.product() if path.name != "__init__.py"])
    sizes = [size for size, _ in sized]
    assert median(sizes) <= 120, (
        f"Half of all files should have at most 120 lines. {FOLDER}{largest(sized, 120)}"
    )
    assert share_within(sizes, 300) >= 0.95, (
        f"95 % of files have at most 300 lines. {FOLDER}{largest(sized, 300)}"
    )
    assert max(sizes) <= 400, f"No file has more than 400 lines. {FOLDER}{largest(sized, 400)}"


def test_benchmarks_are_short() -> None:
    sized = file_sizes(tree.under("benchmarks", suffix=".py"))
    assert not largest(sized, 400), f"No file has more than 400 lines. {FOLDER}{largest(sized, 400)}"


def test_templates_are_short() -> None:
    sized = file_sizes(tree.under("templates", suffix=".html") + tree.under("templates", suffix=".xml"))
    remedy = "Remedy: move a part into a `_part.html`, or a macro into `_shared/ui/`."
    assert not largest(sized, 100), f"A template has at most 100 lines. {remedy}{largest(sized, 100)}"


def test_styles_and_scripts_are_short() -> None:
    ours = [path for path in tree.under("static", suffix=".css") if "vendor" not in path.parts]
    ours += [path for path in tree.under("static", suffix=".js") if "vendor" not in path.parts]
    sized = file_sizes(ours)
    remedy = "Remedy: one module per component, imported where it is used."
    assert not largest(sized, 300), (
        f"A style sheet or script has at most 300 lines. {remedy}{largest(sized, 300)}"
    )


def test_tests_are_short() -> None:
    sized = file_sizes(tree.under("tests", suffix=".py"))
    remedy = "Remedy: one file per promise; share what is made in tests/factories."
    assert not largest(sized, 600), f"A test file has at most 600 lines. {remedy}{largest(sized, 600)}"


def test_functions_take_few_positional_arguments() -> None:
    crowded = [
        f"\n  {tree.named(path)}:{node.lineno} {node.name}"
        for path in tree.product()
        for node in functions(path)
        if len([a for a in (*node.args.posonlyargs, *node.args.args) if a.arg not in {"self", "cls"}]) > 5
    ]
    assert not crowded, (
        "A function takes at most five positional arguments. "
        f"Remedy: put a `*` before the rest, or name what they are together as a dataclass.{''.join(crowded)}"
    )
