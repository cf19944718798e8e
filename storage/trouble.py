"""Tells trouble with the database itself from trouble with what it was asked."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import InterfaceError, OperationalError

from bot.ports import StoreTrouble


@contextmanager
def trouble_named() -> Iterator[None]:
    """Raises StoreTrouble, which quotes no values, for what the same statement may well survive later."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise StoreTrouble(type(error.orig).__name__) from error
