"""Connections: which database a URL means, and how each kind is opened so that what is committed stays."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.trouble import trouble_named

BUSY_SECONDS = 30
"""How long SQLite waits for another process's write transaction."""

PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}",  # first: the others may meet a lock
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
)

CUT_OFF = "-c idle_in_transaction_session_timeout=15s"
"""A process that stands still in mid-transaction loses its locks, for which others wait, after this. The bot thinks for
a second or two between two statements at most, and where it is cut off it begins the transaction again.
"""

POSTGRES_ARGUMENTS = {
    "connect_timeout": "10",
    # A server that is gone without a word (its machine lost, its address moved) is noticed within a minute, not hours.
    "keepalives_idle": "20",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}
"""What a connection is opened with, but for what the address itself says."""


def normalise_url(url: str) -> URL:
    """Read `sqlite:path`, `sqlite:///path` or `postgresql://…`. Raises ValueError, never showing a password."""
    kind, colon, rest = url.partition(":")
    if kind == "sqlite" and colon:
        path = rest.removeprefix("///")
        if not path or path.startswith(("//", ":memory:")):
            raise ValueError("a SQLite database needs a file: sqlite:path/to/file")
        return URL.create("sqlite", database=path)
    if kind in ("postgresql", "postgres") and rest.startswith("//"):
        try:
            return make_url(f"postgresql:{rest}").set(drivername="postgresql+psycopg")
        except (ArgumentError, ValueError):
            raise ValueError("this postgresql:// address cannot be read") from None
    raise ValueError("a database address starts with sqlite: or postgresql://")


def sqlite_path(url: URL) -> Path | None:
    """The file of a SQLite database, None for another kind."""
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def open_sqlite(url: URL, *, reading: bool = False) -> Engine:
    """A blocking engine that keeps one connection, and whose errors quote no values. `reading`: it cannot write.

    Python's own transaction handling is off (`isolation_level` None), or savepoints would not hold; each transaction
    begins as a writing one, since one that starts to write later could fail at once as busy.
    """
    engine = sa.create_engine(
        url,
        connect_args={"isolation_level": None, "check_same_thread": False},
        poolclass=sa.StaticPool,
        hide_parameters=True,
    )

    @sa.event.listens_for(engine, "connect")
    def _set_up(connection: sqlite3.Connection, record: object) -> None:
        cursor = connection.cursor()
        for pragma in (*PRAGMAS, "PRAGMA query_only = ON") if reading else PRAGMAS:
            cursor.execute(pragma)
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def open_postgres(url: URL, *, patient: bool = False, reading: bool = False) -> AsyncEngine:
    """`patient`: no transaction of it is cut off, however long it stands still, as one that draws up a report may.
    `reading`: each transaction sees one moment, and cannot write.
    """
    moment = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True} if reading else {}
    return create_async_engine(
        url,
        connect_args=postgres_arguments(url, patient=patient),
        pool_size=10,
        max_overflow=10,
        pool_pre_ping=True,
        hide_parameters=True,
        execution_options=moment,
    )


@contextmanager
def plain_transaction(url: URL) -> Iterator[Connection]:
    """A blocking transaction on a connection of its own, for migrations.

    Raises StoreTrouble where it cannot begin; what fails in it, and the commit, keep their own errors.
    """
    engine = open_sqlite(url) if sqlite_path(url) else _one_off(url)
    try:
        with ExitStack() as stack:
            with trouble_named():
                connection = stack.enter_context(engine.begin())
            yield connection
    finally:
        engine.dispose()


def _one_off(url: URL) -> Engine:
    return sa.create_engine(url, poolclass=sa.NullPool, hide_parameters=True)


def postgres_arguments(url: URL, *, patient: bool = False) -> dict[str, str]:
    """How a connection to this address is opened."""
    given = POSTGRES_ARGUMENTS | ({} if patient else {"options": CUT_OFF})
    return {name: value for name, value in given.items() if name not in url.query}
