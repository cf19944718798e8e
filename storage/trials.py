"""What a trial does to a database from outside, and reads out of it afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.engine import normalise_url, plain_transaction
from storage.schema import inbox

_CUT = sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")


def on_server(url: str, database: str) -> str:
    """The address of another database on the same PostgreSQL server."""
    return sa.engine.make_url(url).set(database=database).render_as_string(hide_password=False)


def create_database(server: str, name: str) -> None:
    with _at_once(server) as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")


def drop_database(server: str, name: str) -> None:
    with _at_once(server) as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


def cut_off(server: str, name: str) -> None:
    """Break every connection to the database, and let nobody in."""
    with _at_once(server) as connection:
        connection.exec_driver_sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        connection.execute(_CUT, {"name": name})


def let_in(server: str, name: str) -> None:
    with _at_once(server) as connection:
        connection.exec_driver_sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


def received(url: str) -> set[int]:
    """The keys (update ids) of every update that the inbox holds, handled or not."""
    with plain_transaction(normalise_url(url)) as connection:
        return set(connection.execute(sa.select(inbox.c.key)).scalars())


@contextmanager
def _at_once(url: str) -> Iterator[Connection]:
    """A connection outside of any transaction: databases are made and dropped so."""
    engine = sa.create_engine(normalise_url(url), poolclass=sa.NullPool)
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            yield connection
    finally:
        engine.dispose()
