"""The words of the line between the bridge and a till's page; docs/reader.md lists them."""

import json
from dataclasses import dataclass
from typing import Any, Final

PROTOCOL: Final = 1
PATH: Final = "/v1"
PORT: Final = 8790
MOST_BYTES: Final = 1024
"""A till says one short message; an address that a card holds goes the other way."""
CODE_DIGITS: Final = 6
LONGEST_TOKEN: Final = 200


class LineRefused(Exception):
    """A no to a page: its name is the reason with which the line is closed, `code` the number."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name
        self.code = REFUSALS[name]


REFUSALS: Final = {
    "bad_message": 4400,
    "unknown_till": 4401,
    "wrong_code": 4402,
    "origin_refused": 4403,
    "too_slow": 4408,
    "another_till": 4409,
    "too_many_tries": 4429,
}


@dataclass(frozen=True)
class Hello:
    """The first and only message of a page: the token it was given once, or the code that a hand typed."""

    token: str = ""
    code: str = ""


def read_hello(data: str | bytes) -> Hello:
    """Raises LineRefused `bad_message`."""
    try:
        said = json.loads(data) if isinstance(data, str) else None
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict) or len(said) != 1:
        raise LineRefused("bad_message")
    token, code = said.get("token"), said.get("code")
    if isinstance(token, str) and 0 < len(token) <= LONGEST_TOKEN:
        return Hello(token=token)
    if isinstance(code, str) and _is_code(code):
        return Hello(code=code)
    raise LineRefused("bad_message")


def _is_code(text: str) -> bool:
    return len(text) == CODE_DIGITS and text.isascii() and text.isdigit()


def written(**said: Any) -> str:
    """A message as it travels; what is empty is left out."""
    return json.dumps({name: value for name, value in said.items() if value}, separators=(",", ":"))
