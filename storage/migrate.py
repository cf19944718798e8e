"""Bring a database to this program's tables, step by step, and tell whether it is there."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

from storage.engine import normalise_url, plain_transaction, sqlite_path
from storage.locks import lock_key
from storage.trouble import trouble_named

_SCRIPTS = Path(__file__).with_name("migrations")
_TURN = sa.text("SELECT pg_advisory_xact_lock(" + lock_key("'migrate'") + ")")


class WrongRevisionError(Exception):
    """The database's tables are not those that this program works with."""


async def migrate(url: str) -> list[str]:
    """Upgrade to the newest revision, all or nothing. Returns the revisions applied, in order.

    Safe to call from several processes at once: they take turns, and the later ones find nothing to do.
    """
    return await asyncio.to_thread(_move, url, "head", command.upgrade)


async def downgrade(url: str, to: str) -> list[str]:
    """Go back to a revision, or to `base`: no tables, and nothing remembered. Returns the revisions undone."""
    return await asyncio.to_thread(_move, url, to, command.downgrade)


async def current(url: str) -> str | None:
    """The database's revision, None where there is no database yet."""
    return await asyncio.to_thread(_current, url)


async def check(url: str) -> None:
    """Raises WrongRevisionError, which names the mend, unless the database is at this program's revision."""
    found, line = await current(url), _line()
    _refuse_newer(found, line)
    if found != line[-1]:
        raise WrongRevisionError(
            f"The database is at revision {found or 'none'}, this program needs {line[-1]}. "
            "Run `python -m bot migrate`."
        )


def _current(url: str) -> str | None:
    where = normalise_url(url)
    path = sqlite_path(where)
    if path and not path.exists():
        return None  # to look must not create it
    with plain_transaction(where) as connection:
        return _revision(connection)


def _move(url: str, to: str, way: Callable[[Config, str], None]) -> list[str]:
    where = normalise_url(url)
    if path := sqlite_path(where):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)  # personal data: a new one is for its owner alone
    with plain_transaction(where) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(_TURN)
        before = _revision(connection)
        _refuse_newer(before, _line())
        config = _config()
        config.attributes["connection"] = connection
        way(config, to)
        after = _revision(connection)
    return _between(before, after)


def _between(before: str | None, after: str | None) -> list[str]:
    line = _line()
    start, end = (line.index(one) + 1 if one else 0 for one in (before, after))
    return line[start:end] or line[end:start][::-1]


def _line() -> list[str]:
    """Every revision that this program knows, oldest first."""
    scripts = ScriptDirectory.from_config(_config())
    return [script.revision for script in scripts.walk_revisions()][::-1]


def _refuse_newer(found: str | None, line: list[str]) -> None:
    if found and found not in line:
        raise WrongRevisionError(
            f"The database is at revision {found}, which is newer than this program ({line[-1]}). "
            "Install the newer program and run its `python -m bot migrate`."
        )


def _revision(connection: Connection) -> str | None:
    with trouble_named():
        return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return config
