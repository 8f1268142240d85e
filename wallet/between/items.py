"""One item of an envelope: exact bytes to a message, or a named refusal."""

import re
from typing import Final

from msgspec import MsgspecError, structs

from wallet.between.messages import LONGEST, AnyMessage, decode, encode
from wallet.between.strict import Malformed, read_strict

_LONG: Final = re.compile(rb":-?[0-9]{16}")
"""A number that may be beyond 2^53, as we write it."""


def read_item(body: bytes) -> AnyMessage:
    """What `body` says. Raises Malformed where two readers might disagree, or a text is too long.

    Bytes that we would have written ourselves have no key twice; any others are read the strict way, too.
    """
    try:
        message: AnyMessage = decode(body)
    except (MsgspecError, RecursionError) as error:  # a line may be anything, however deep
        raise Malformed(str(error)[:LONGEST]) from error
    if encode(message) != body or b"\\u" in body or _LONG.search(body):
        read_strict(body)
    for said in structs.astuple(message):
        if type(said) is str and len(said) > LONGEST:
            raise Malformed("a text is too long")
    return message
