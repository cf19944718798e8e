"""Tells trouble with the database itself from trouble with what it was asked."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy.exc

from bot.ports import StoreRefusal, StoreTrouble

_TROUBLE = (
    sqlalchemy.exc.OperationalError,
    sqlalchemy.exc.InterfaceError,
    sqlite3.OperationalError,
    sqlite3.InterfaceError,
)


@contextmanager
def trouble_named() -> Iterator[None]:
    """Raises StoreTrouble for what the same statement may well survive later, StoreRefusal for what it will not.
    Neither quotes values, which may be what somebody wrote.
    """
    try:
        yield
    except _TROUBLE as error:
        raise StoreTrouble(_name(error)) from error
    except (sqlalchemy.exc.DBAPIError, sqlite3.Error) as error:
        raise StoreRefusal(_name(error)) from error


def _name(error: Exception) -> str:
    return type(getattr(error, "orig", error)).__name__
