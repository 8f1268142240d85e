"""Whether some bytes stand within others, as each database asks it."""

from typing import Any

from sqlalchemy import Boolean, ColumnElement, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.functions import FunctionElement

from kit.db.types import Blob


class _Within(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True


@compiles(_Within, "sqlite")
def _sqlite(element: _Within, compiler: Any, **how: Any) -> str:
    whole, part = element.clauses
    return f"instr({compiler.process(whole, **how)}, {compiler.process(part, **how)}) > 0"


@compiles(_Within, "postgresql")
def _postgresql(element: _Within, compiler: Any, **how: Any) -> str:
    whole, part = element.clauses
    return f"position({compiler.process(part, **how)} in {compiler.process(whole, **how)}) > 0"


def within(whole: InstrumentedAttribute[bytes], part: bytes) -> ColumnElement[bool]:
    """Whether `part` stands in `whole`, sign by sign."""
    return _Within(whole, bindparam(None, part, type_=Blob()))
