"""`python -m migrations.new "Say what changes"`: writes the next step from the tables that rooms declare."""

import sys

from migrations.steps import write_step

if __name__ == "__main__":
    sys.stdout.write(f"{write_step(' '.join(sys.argv[1:]) or 'A change')}\n")
