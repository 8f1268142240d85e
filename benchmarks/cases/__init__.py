"""One measurement per file: `run(bench)` adds its results and checks; the docstring's first line names it."""
