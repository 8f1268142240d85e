"""What every test may ask for; each plugin module says its own."""

pytest_plugins = ["tests.databases", "tests.keys", "tests.nodes", "tests.vectors.folder"]
