"""How a database grows from one version of the software to the next: one line of steps, applied at start."""
