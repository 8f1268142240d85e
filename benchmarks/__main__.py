"""`bin/bench`: names the measurements, makes one, or makes all, each in a process of its own."""

import argparse
import ast
import importlib
import pkgutil
import subprocess
import sys
import tempfile
from pathlib import Path
from types import ModuleType

from benchmarks import cases
from benchmarks.bench import Bench

HELP = "One measurement beside its reference. `bin/bench list` names them; `all` makes every one."
EXAMPLE = "Example: bin/bench start --json"
SCRATCH = Path(__file__).resolve().parent.parent / "var" / "bench"


def modules() -> dict[str, str]:
    """Measurements by name, with the module that makes each."""
    found = pkgutil.iter_modules(cases.__path__)
    return {entry.name.replace("_", "-"): f"{cases.__name__}.{entry.name}" for entry in found}


def describe() -> str:
    """A line per measurement: the first of its file."""
    folder = Path(cases.__file__).parent
    trees = ((name, ast.parse((folder / f"{name.replace('-', '_')}.py").read_text())) for name in modules())
    return "".join(
        f"{name:<14}{(ast.get_docstring(tree) or '').partition(chr(10))[0]}\n" for name, tree in trees
    )


def measure(name: str, module: ModuleType, scale: str) -> Bench:
    """Run one measurement. Its files are on a real disk, under `var/bench`, and go away."""
    SCRATCH.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"{name}-", dir=SCRATCH) as folder:
        bench = Bench(name, Path(folder), scale)
        module.run(bench)
    return bench


def measure_all(options: list[str]) -> int:
    """Run each measurement in a fresh process; 1 when one of them failed."""
    failed = [
        name
        for name in modules()
        if subprocess.run([sys.executable, "-m", "benchmarks", name, *options], check=False).returncode
    ]
    if failed:
        sys.stderr.write(f"Failed: {', '.join(failed)}\n")
    return 1 if failed else 0


def parsed() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="bin/bench", description=HELP, epilog=EXAMPLE)
    parser.add_argument(
        "name", choices=["list", "all", *modules()], metavar="NAME", help="list, all, or a name"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object on the last line")
    scale = parser.add_mutually_exclusive_group()
    scale.add_argument("--long", dest="scale", action="store_const", const="long", help="look longer")
    scale.add_argument(
        "--quick", dest="scale", action="store_const", const="quick", help="only see that it works"
    )
    return parser.parse_args()


def main() -> int:
    """0 when every check held, 1 when one did not, 2 for a wrong command."""
    asked = parsed()
    if asked.name == "list":
        sys.stdout.write(describe())
        return 0
    if asked.name == "all":
        return measure_all(sys.argv[2:])
    module = importlib.import_module(modules()[asked.name])
    report = measure(asked.name, module, asked.scale or "usual").report()
    sys.stdout.write((report.as_json() if asked.json else report.in_words()) + "\n")
    return 0 if report.holds else 1


if __name__ == "__main__":
    sys.exit(main())
