"""`python -m node` is the `hameau` command."""

from node.cli import main

main()
