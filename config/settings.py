"""One frozen, typed table: what the operator decides, from one TOML file and `HAMEAU_…` variables."""

import os
import secrets
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, get_type_hints
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta, Struct


class SettingsError(Exception):
    """The configuration cannot be used; the message says which setting and why."""


class NodeSettings(Struct, frozen=True, forbid_unknown_fields=True):
    url: Annotated[str, Meta(description="Public address of the node; it is its identity for ever.")] = (
        "http://127.0.0.1:8101"
    )
    database: Annotated[
        str, Meta(description="`sqlite:///file` or `postgresql+psycopg://user:password@host/name`.")
    ] = "sqlite:///var/node.db"
    data: Annotated[str, Meta(description="Folder of keys, uploads, lock and control socket.")] = "var"
    allow_loopback: Annotated[
        bool, Meta(description="Exchange with nodes on this machine; refused on a public address.")
    ] = False
    demo: Annotated[bool, Meta(description="Demo village: reusable sign-in links and a mails page.")] = False


class ServerSettings(Struct, frozen=True, forbid_unknown_fields=True):
    host: Annotated[str, Meta(description="Address to listen on.")] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535, description="Port to listen on.")] = 8101
    workers: Annotated[int, Meta(ge=1, le=64, description="Processes; more than one needs PostgreSQL.")] = 1
    threads: Annotated[int, Meta(ge=2, le=256, description="Threads that serve pages in each process.")] = 16
    trusted_proxies: Annotated[
        list[str], Meta(description="Addresses whose `X-Forwarded-For` and `-Proto` are believed.")
    ] = []
    metrics_token: Annotated[str, Meta(description="Bearer token that opens `/metrics` from afar.")] = ""


class MailSettings(Struct, frozen=True, forbid_unknown_fields=True):
    url: Annotated[
        str, Meta(description="`console://`, `smtp://user:password@host:25` or `smtps://…:465`.")
    ] = "console://"
    sender: Annotated[str, Meta(description="Address that mails come from.")] = "hameau@localhost"


class LogSettings(Struct, frozen=True, forbid_unknown_fields=True):
    level: Annotated[
        str, Meta(pattern="^(debug|info|warning|error)$", description="Least level written.")
    ] = "info"
    format: Annotated[
        str, Meta(pattern="^(json|text)$", description="`json` for machines, `text` for eyes.")
    ] = "text"


class NetworkSettings(Struct, frozen=True, forbid_unknown_fields=True):
    primary: Annotated[str, Meta(description="Node that holds the network currency; may be this one.")] = ""
    nodes: Annotated[list[str], Meta(description="On the primary: nodes that may hold and accept it.")] = []


class CardsSettings(Struct, frozen=True, forbid_unknown_fields=True):
    ntag_meta_key: Annotated[
        str,
        Meta(
            pattern="^([0-9A-Fa-f]{32})?$",
            description="Key that reads which NTAG 424 DNA card was tapped, 32 hexadecimal digits; "
            "in `secrets.toml` (0600) or the variable. Empty: derived from `secret_key`.",
        ),
    ] = ""
    ntag_master_key: Annotated[
        str,
        Meta(
            pattern="^([0-9A-Fa-f]{32})?$",
            description="Key that makes each card's own key (NXP AN10922), kept likewise. Losing it, "
            "or `secret_key` when this is empty, makes these cards unreadable.",
        ),
    ] = ""


class VillageSettings(Struct, frozen=True, forbid_unknown_fields=True):
    id: Annotated[str, Meta(description="Address of the village, `https://founder/villages/name`.")]
    peers: Annotated[list[str], Meta(description="Nodes of this village, listed by each other too.")] = []
    name: Annotated[str, Meta(description="Name shown when this node founds the village.")] = ""


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything an operator decides. What a collective decides in daily life is on screen instead."""

    node: NodeSettings = NodeSettings()
    server: ServerSettings = ServerSettings()
    mail: MailSettings = MailSettings()
    log: LogSettings = LogSettings()
    network: NetworkSettings = NetworkSettings()
    cards: CardsSettings = CardsSettings()
    village: list[VillageSettings] = []
    secret_key: Annotated[
        str, Meta(description="Written by `hameau init` in `secrets.toml` (0600), or `HAMEAU_SECRET_KEY`.")
    ] = ""

    @property
    def data(self) -> Path:
        return Path(self.node.data)

    @property
    def is_loopback(self) -> bool:
        """Whether the node's own address is on this machine only (demo, tests)."""
        return (urlsplit(self.node.url).hostname or "") in {"127.0.0.1", "localhost", "::1"}


def load_settings(path: Path | None, environment: Mapping[str, str] | None = None) -> Settings:
    """Read the file, the secrets beside it, then the environment above both.

    Raises SettingsError naming the wrong setting. Relative data and SQLite paths are beside the file.
    """
    environment = os.environ if environment is None else environment
    table = _read_toml(path) if path else {}
    if path and (beside := path.with_name("secrets.toml")).exists():
        table.update(_read_toml(beside))
    _overlay(table, environment)
    try:
        settings = msgspec.convert(table, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise SettingsError(str(error)) from error
    if environment.get("HAMEAU_KILL_AT") and not settings.is_loopback:
        raise SettingsError("HAMEAU_KILL_AT is for tests on this machine: node.url is public")
    return _checked(_anchored(settings, path.parent if path else Path.cwd()))


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from error


def _overlay(table: dict[str, Any], environment: Mapping[str, str]) -> None:
    """Put `HAMEAU_NODE_URL=…` into `[node] url`; lists are separated by commas."""
    if secret := environment.get("HAMEAU_SECRET_KEY"):
        table["secret_key"] = secret
    for section, shape in get_type_hints(Settings).items():
        if not (isinstance(shape, type) and issubclass(shape, Struct)):
            continue
        for field in msgspec.structs.fields(shape):
            value = environment.get(f"HAMEAU_{section}_{field.name}".upper())
            if value is not None:
                is_list = isinstance(field.default_factory, type) and field.default_factory is list
                table.setdefault(section, {})[field.name] = _parts(value) if is_list else value


def _parts(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def _anchored(settings: Settings, beside: Path) -> Settings:
    node = settings.node
    database = node.database
    if database.startswith("sqlite:///"):
        database = f"sqlite:///{(beside / database.removeprefix('sqlite:///')).resolve()}"
    data = str((beside / node.data).resolve())
    url = node.url.rstrip("/")
    return msgspec.structs.replace(
        settings, node=msgspec.structs.replace(node, database=database, data=data, url=url)
    )


def _checked(settings: Settings) -> Settings:
    address = urlsplit(settings.node.url)
    if address.scheme not in {"http", "https"} or not address.hostname or address.path not in {"", "/"}:
        raise SettingsError("node.url must be an origin such as https://cafe.example")
    if settings.node.allow_loopback and not settings.is_loopback:
        raise SettingsError("node.allow_loopback is for nodes on this machine: node.url is public")
    if address.scheme == "http" and not settings.is_loopback:
        raise SettingsError("node.url must be https, except on this machine")
    if settings.server.workers > 1 and settings.node.database.startswith("sqlite"):
        raise SettingsError("server.workers above 1 needs PostgreSQL: one process owns a SQLite node")
    if len(settings.secret_key) < 32:
        raise SettingsError("secret_key is missing: run `hameau init`, or set HAMEAU_SECRET_KEY")
    return settings


def new_secret() -> str:
    """A fresh secret key: 256 bits, safe in a file and in a variable."""
    return secrets.token_urlsafe(32)
