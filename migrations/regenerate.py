"""`python -m migrations.regenerate`: first steps again, one per room, while no database has to be kept."""

import sys

from migrations.steps import write_first_steps

if __name__ == "__main__":
    for path in write_first_steps():
        sys.stdout.write(f"{path}\n")
