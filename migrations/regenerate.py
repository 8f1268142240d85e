"""`python -m migrations.regenerate`: one first step again, as long as no database has to be kept."""

import sys

from migrations.steps import write_first_step

if __name__ == "__main__":
    for path in write_first_step():
        sys.stdout.write(f"{path}\n")
