"""What must be read to trust the money: the rules and what they lean on, short enough for an evening."""

import ast
from pathlib import Path

LEDGER = Path(__file__).resolve().parents[2] / "wallet" / "ledger"
TWIN = "memory.py"
"""The store of simulations leans on the rules; they do not lean on it."""
MOST = 800


def code_lines(path: Path) -> int:
    """Lines that a machine executes: no blank line, comment or documentation."""
    text = path.read_text(encoding="utf-8")
    said = {
        number
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    lines = enumerate(text.splitlines(), 1)
    return sum(
        1 for at, line in lines if at not in said and line.strip() and not line.lstrip().startswith("#")
    )


def test_the_rules_can_be_read_in_an_evening() -> None:
    sizes = {path.name: code_lines(path) for path in LEDGER.glob("*.py") if path.name != TWIN}
    assert sum(sizes.values()) < MOST, sizes


def test_the_rules_do_not_lean_on_their_twin() -> None:
    importers = [
        path.name for path in LEDGER.glob("*.py") if "ledger.memory" in path.read_text(encoding="utf-8")
    ]
    assert importers == []
