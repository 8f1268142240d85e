"""An id as 32 hexadecimal digits inside a query, where a table keeps another's id as text."""

from typing import Any

from sqlalchemy import String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class hex_of(FunctionElement[str]):
    """`hex_of(column)`: what `UUID.hex` says of the id in that column."""

    type = String()
    inherit_cache = True


@compiles(hex_of, "sqlite")
def _of_bytes(element: hex_of, compiler: Any, **how: Any) -> str:
    return f"lower(hex({compiler.process(element.clauses, **how)}))"


@compiles(hex_of, "postgresql")
def _of_uuid(element: hex_of, compiler: Any, **how: Any) -> str:
    return f"replace(CAST({compiler.process(element.clauses, **how)} AS text), '-', '')"
