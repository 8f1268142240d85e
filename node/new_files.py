"""The two files of a new node: settings anyone may read, secrets that only their owner may."""

from pathlib import Path

from config.settings import new_secret

FILE = """# Settings of one Hameau node. Every setting: docs/settings.md and config/node.example.toml.
[node]
url = "{url}"
database = "{database}"
data = "var"
{loopback}
[server]
host = "127.0.0.1"
port = {port}

[mail]
url = "console://"
sender = "hameau@localhost"
"""


def write_files(file: Path, *, url: str, database: str, port: int) -> None:
    """The settings, and beside them the secrets that only their owner may read."""
    file.parent.mkdir(parents=True, exist_ok=True)
    loopback = "allow_loopback = true\n" if url.startswith("http://") else ""
    file.write_text(FILE.format(url=url, database=database, port=port, loopback=loopback), encoding="utf-8")
    secrets = file.with_name("secrets.toml")
    secrets.touch(mode=0o600)
    secrets.write_text(f'secret_key = "{new_secret()}"\n', encoding="utf-8")
