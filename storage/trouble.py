"""Tells trouble with the database itself from trouble with what it was asked."""

import errno
import sqlite3

import sqlalchemy.exc

from bot.ports import StoreRefusal, StoreTrouble, Trouble

# By the primary result codes of SQLite and the SQLSTATEs of PostgreSQL, or their classes.
_SQLITE = {
    sqlite3.SQLITE_FULL: Trouble.FULL,
    sqlite3.SQLITE_READONLY: Trouble.READ_ONLY,
    sqlite3.SQLITE_IOERR: Trouble.DISK,
    sqlite3.SQLITE_CANTOPEN: Trouble.DISK,
    sqlite3.SQLITE_CORRUPT: Trouble.DISK,
    sqlite3.SQLITE_NOTADB: Trouble.DISK,
}
_POSTGRES = {
    "53100": Trouble.FULL,
    "25006": Trouble.READ_ONLY,  # a standby, or a server that was set so
    "25P03": Trouble.AWAY,  # we stood still in mid-transaction, and it hung up
    "58": Trouble.DISK,
    "XX001": Trouble.DISK,
    "XX002": Trouble.DISK,
    "08": Trouble.AWAY,
    "53": Trouble.AWAY,
    "57": Trouble.AWAY,
}
_PASSING = (
    sqlalchemy.exc.OperationalError,
    sqlalchemy.exc.InterfaceError,
    sqlite3.OperationalError,
    sqlite3.InterfaceError,
)


class trouble_named:  # noqa: N801 - reads as what it does
    """Raises StoreTrouble for what the same statement may well survive later, StoreRefusal for what it will not.
    Neither quotes values, which may be what somebody wrote.
    """

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, where: object) -> None:
        if isinstance(error, (sqlalchemy.exc.DBAPIError, sqlite3.Error)):
            raise named(error) from error
        if isinstance(error, OSError) and error.errno in (errno.EROFS, errno.EIO):
            kind = Trouble.READ_ONLY if error.errno == errno.EROFS else Trouble.DISK
            raise StoreTrouble(f"{kind}, OSError", kind) from error


def named(error: sqlalchemy.exc.DBAPIError | sqlite3.Error) -> StoreTrouble | StoreRefusal:
    """What `trouble_named` raises for the error."""
    orig = getattr(error, "orig", error)
    if trouble := _kind(error, orig):
        return StoreTrouble(f"{trouble}, {type(orig).__name__}", trouble)
    return StoreRefusal(type(orig).__name__)


def _kind(error: Exception, orig: object) -> Trouble | None:
    """None where what was asked is at fault. `orig` is the driver's own error."""
    state = getattr(orig, "sqlstate", None) or ""
    if isinstance(orig, sqlite3.Error):
        known = _SQLITE.get(getattr(orig, "sqlite_errorcode", 0) & 0xFF)
    else:
        known = _POSTGRES.get(state) or _POSTGRES.get(state[:2])
    if known or not isinstance(error, _PASSING):
        return known
    return Trouble.BUSY if state or isinstance(orig, sqlite3.Error) else Trouble.AWAY
