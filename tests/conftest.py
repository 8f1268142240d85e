"""What every test may ask for; each plugin module says its own."""

from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.databases", "tests.keys", "tests.nodes", "tests.telling", "tests.vectors.folder"]

# How quick a machine draws and runs examples proves nothing.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")
