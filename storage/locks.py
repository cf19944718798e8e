"""Locks by name, held until the transaction ends. SQLite needs none: it has one writing transaction at a time."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from storage.connection import Db

_HOLD = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


async def hold(db: Db, name: str) -> None:
    """Wait until nobody else holds this name, and hold it."""
    if db.postgresql:
        await db.execute(_HOLD, {"name": name})


class held(FunctionElement[bool]):  # noqa: N801 - reads as a SQL function
    """True where the name made of these columns could be taken at once; it is then held."""

    type = sa.Boolean()
    inherit_cache = True


@compiles(held)
def _always(element: held, compiler: SQLCompiler, **kw: Any) -> str:
    return "1"


@compiles(held, "postgresql")
def _try(element: held, compiler: SQLCompiler, **kw: Any) -> str:
    name = compiler.process(sa.func.concat_ws(":", *element.clauses), **kw)
    return f"pg_try_advisory_xact_lock(hashtextextended({name}, 0))"
