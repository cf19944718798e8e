"""Copies a whole town from one database to another, of either kind, and proves that nothing is missing or changed."""

import asyncio
import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert  # SQLite reads the same ON CONFLICT clause
from sqlalchemy.engine import Connection

from bot.domain.cases import Event
from bot.domain.suggestions import Entry
from storage.engine import normalise_url, plain_transaction, sqlite_path
from storage.migrate import check, migrate
from storage.schema import case_events, cases, metadata, suggestion_events, suggestions

_BATCH = 500

Told = Callable[[str, int], None]
"""Hears of each table that is done: its name and how many rows it has."""


class CopyError(Exception):
    """The copy is not what the original is; the message says where."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a table holds: how many rows, and a sum over all of them in which their order does not count."""

    rows: int
    digest: str


def _silent(table: str, rows: int) -> None:
    """The default for `told`."""


async def copy_database(source: str, target: str, told: Told = _silent) -> dict[str, int]:
    """Copy every row of `source` into `target` and compare the two. Returns rows by table.

    The target is created or upgraded first. A copy that was broken off is resumed by calling again. The source is
    read in one transaction, so that what is copied belongs together; a SQLite source takes no writes meanwhile.
    Raises CopyError, WrongRevisionError (of the source), ValueError (an address).
    """
    if normalise_url(source) == normalise_url(target):
        raise CopyError("source and target are the same database")
    await check(source)
    await migrate(target)
    return await asyncio.to_thread(_copy, source, target, told)


def _copy(source: str, target: str, told: Told) -> dict[str, int]:
    with snapshot(source) as original:
        for table in metadata.sorted_tables:
            rows = 0
            for part in _parts(original, table, _resume_after(target, table)):
                with plain_transaction(normalise_url(target)) as copy:
                    copy.execute(insert(table).on_conflict_do_nothing(), part)
                rows += len(part)
            told(table.name, rows)
        with plain_transaction(normalise_url(target)) as copy:
            _carry_numbering(original, copy)
        with snapshot(target) as copy:
            return compare(original, copy)


@contextmanager
def snapshot(url: str) -> Iterator[Connection]:
    """A transaction that sees the database as it was at one moment."""
    where = normalise_url(url)
    with plain_transaction(where) as connection:
        if sqlite_path(where) is None:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield connection


def compare(original: Connection, copy: Connection) -> dict[str, int]:
    """Rows by table, which are the same on both sides. Raises CopyError for the first table that differs."""
    found: dict[str, int] = {}
    for table in metadata.sorted_tables:
        here, there = contents(original, table), contents(copy, table)
        if here != there:
            raise CopyError(
                f"{table.name}: {here.rows} rows in the source, {there.rows} in the target"
                + ("" if here.rows != there.rows else ", and not the same ones")
            )
        found[table.name] = here.rows
    check_histories(copy)
    return found


def contents(connection: Connection, table: sa.Table) -> Contents:
    total = rows = 0
    for part in _parts(connection, table, None):
        for row in part:
            plain = json.dumps(row, ensure_ascii=False, sort_keys=True, default=str)
            total += int.from_bytes(hashlib.sha256(plain.encode("utf-8", "replace")).digest())
            rows += 1
    return Contents(rows, f"{total % 2**256:064x}")


def check_histories(connection: Connection) -> int:
    """Follow the chain of every case's history to the case's own head. Returns how many cases. Raises CopyError."""
    heads: dict[int, str] = {}
    names = [field.name for field in fields(Event)]
    query = sa.select(case_events).order_by(case_events.c.case_id, case_events.c.seq)
    for row in connection.execute(query.execution_options(yield_per=_BATCH)):
        event = Event(**{name: getattr(row, name) for name in names})
        if event.previous != heads.get(event.case_id, ""):
            raise CopyError(f"the history of case {event.case_id} is broken before its step {event.seq}")
        heads[event.case_id] = event.digest()
    count = 0
    for case in connection.execute(sa.select(cases.c.id, cases.c.head).execution_options(yield_per=_BATCH)):
        if case.head != heads.get(case.id, ""):
            raise CopyError(f"the history of case {case.id} does not lead to its present state")
        count += 1
    _check_suggestions(connection)
    return count


def _check_suggestions(connection: Connection) -> None:
    """The same of every suggestion. Raises CopyError."""
    heads: dict[int, str] = {}
    names = [field.name for field in fields(Entry)]
    query = sa.select(suggestion_events).order_by(suggestion_events.c.suggestion_id, suggestion_events.c.seq)
    for row in connection.execute(query.execution_options(yield_per=_BATCH)):
        entry = Entry(**{name: getattr(row, name) for name in names})
        if entry.previous != heads.get(entry.suggestion_id, ""):
            raise CopyError(f"the history of suggestion {entry.suggestion_id} is broken before its step {entry.seq}")
        heads[entry.suggestion_id] = entry.digest()
    for one in connection.execute(sa.select(suggestions.c.id, suggestions.c.head)):
        if one.head != heads.get(one.id, ""):
            raise CopyError(f"the history of suggestion {one.id} does not lead to its present state")


def _parts(connection: Connection, table: sa.Table, after: int | None) -> Iterator[list[dict[str, Any]]]:
    keys = list(table.primary_key.columns)
    query = sa.select(table).order_by(*keys)
    if after is not None:
        query = query.where(keys[0] >= after)
    result = connection.execute(query.execution_options(yield_per=_BATCH))
    for part in result.mappings().partitions():
        yield [dict(row) for row in part]


def _resume_after(target: str, table: sa.Table) -> int | None:
    """The highest id that is there already; what stands at it may be half there, so it is read again."""
    first = next(iter(table.primary_key.columns))
    if not isinstance(first.type, sa.Integer):
        return None
    with plain_transaction(normalise_url(target)) as connection:
        return connection.execute(sa.select(sa.func.max(first))).scalar()


def _carry_numbering(original: Connection, copy: Connection) -> None:
    """The next row gets an id that neither side ever gave out."""
    for table in metadata.sorted_tables:
        column = table.autoincrement_column
        if column is None or "id" not in table.c:
            continue
        last = max(_last_id(original, table), _last_id(copy, table))
        if last and copy.dialect.name == "postgresql":
            given = {"name": table.name, "last": last}
            copy.execute(sa.text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)"), given)
        elif last and table.dialect_options["sqlite"]["autoincrement"]:
            given = {"name": table.name, "last": last}
            copy.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :name"), given)
            copy.execute(sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), given)


def _last_id(connection: Connection, table: sa.Table) -> int:
    """The highest id ever given, where the database remembers it; else the highest there is."""
    highest = connection.execute(sa.select(sa.func.max(table.c.id))).scalar() or 0
    if connection.dialect.name == "postgresql":
        name = connection.execute(sa.select(sa.func.pg_get_serial_sequence(table.name, "id"))).scalar()
        query = f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {name}"  # noqa: S608 - our own name
        return max(highest, int(connection.exec_driver_sql(query).scalar() or 0))
    if table.dialect_options["sqlite"]["autoincrement"]:
        query = "SELECT seq FROM sqlite_sequence WHERE name = ?"
        return max(highest, int(connection.exec_driver_sql(query, (table.name,)).scalar() or 0))
    return int(highest)
