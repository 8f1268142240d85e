"""Structured logs: one event, its facts, never a secret."""

import logging
import sys
from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any

import structlog

from config.settings import LogSettings

SECRET_WORDS = ("password", "secret", "token", "code", "authorization", "cookie", "private", "uid")


def hide_secrets(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace the value of every key that smells of a secret."""
    for key in event:
        if _smells(key):
            event[key] = "•••"
    return event


@lru_cache(maxsize=1024)
def _smells(key: str) -> bool:
    return any(word in key.lower() for word in SECRET_WORDS)


def _text() -> Any:
    """Columns and colours for a terminal. Elsewhere, `name=value`, which costs a request half as much, but
    errors as on a terminal: a traceback is for eyes."""
    console = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    if sys.stderr.isatty():
        return console
    plain = structlog.processors.LogfmtRenderer(key_order=("timestamp", "level", "event"))

    def render(logger: Any, method: str, event: MutableMapping[str, Any]) -> str:
        return (console if "exception" in event else plain)(logger, method, event)

    return render


def set_up_logging(settings: LogSettings) -> None:
    """Send structlog and the standard library's records to standard error, in one form."""
    level = logging.getLevelNamesMapping()[settings.level.upper()]
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hide_secrets,
    ]
    last: Any = structlog.processors.JSONRenderer() if settings.format == "json" else _text()
    structlog.configure(
        processors=[*shared, structlog.processors.format_exc_info, last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=max(level, logging.WARNING), stream=sys.stderr, format="%(name)s: %(message)s")
