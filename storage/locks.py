"""A condition in a statement: that a name could be locked at once, until the transaction ends."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


def lock_key(name: str) -> str:
    """The number under which PostgreSQL locks a name, both as SQL. Its locks count for the whole database, in which
    several towns may have a schema each.
    """
    return f"hashtextextended(current_schema() || ':' || {name}, 0)"


class held(FunctionElement[bool]):  # noqa: N801 - reads as a SQL function
    """True where no other transaction holds the name made of these columns; then this one does."""

    type = sa.Boolean()
    inherit_cache = True


@compiles(held)
def _always(element: held, compiler: SQLCompiler, **kw: Any) -> str:
    # SQLite has no other transaction.
    return "1"


@compiles(held, "postgresql")
def _try(element: held, compiler: SQLCompiler, **kw: Any) -> str:
    name = compiler.process(sa.func.concat_ws(":", *element.clauses), **kw)
    return f"pg_try_advisory_xact_lock({lock_key(name)})"
