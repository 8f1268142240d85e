"""`python -m node` is the `hameau` command."""

import sys


def main() -> None:
    """Run the command. The reader's bridge runs on a till's machine: it starts without the node."""
    if sys.argv[1:2] == ["reader"]:
        from pos_api.reader.cli import main as run
    else:
        from node.cli import main as run
    run()


if __name__ == "__main__":
    main()
