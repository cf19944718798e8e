"""Statements that were prepared once behave as those that SQLAlchemy runs itself."""

import gc
import sqlite3
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from storage.prepared import Preparation
from storage.schema import drafts, marks
from storage.types import Json, Moment

AT = datetime(2026, 3, 2, 8, 30, 15, 123456, tzinfo=UTC)

DIALECT = sa.create_engine("sqlite://").dialect


@pytest.fixture
def connection() -> sqlite3.Connection:
    made = sqlite3.connect(":memory:")
    made.execute("CREATE TABLE marks (key TEXT PRIMARY KEY, at TEXT NOT NULL)")
    return made


@pytest.fixture
def preparation() -> Preparation:
    return Preparation(DIALECT)


ADD = sa.insert(marks)
GIVE_BACK = sa.insert(marks).returning(marks.c.at, marks.c.key)
GET = sa.select(marks).where(marks.c.key == sa.bindparam("which"))
AMONG = sa.select(marks.c.key).where(marks.c.key.in_(sa.bindparam("keys", expanding=True))).order_by(marks.c.key)


def test_values_pass_through_their_column_types_both_ways(
    preparation: Preparation, connection: sqlite3.Connection
) -> None:
    given = {"key": "a\0b", "at": AT}
    assert preparation.run(connection, ADD, given) == ()
    [row] = preparation.run(connection, GET, {"which": "a\ufffdb"})
    assert (row.key, row.at, row._asdict()) == ("a\ufffdb", AT, {"key": "a\ufffdb", "at": AT})


def test_the_hour_that_comes_twice_is_two_moments(preparation: Preparation, connection: sqlite3.Connection) -> None:
    first = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    preparation.run(connection, ADD, [{"key": "a", "at": first}, {"key": "b", "at": first.replace(fold=1)}])
    written = [at for (at,) in connection.execute("SELECT at FROM marks ORDER BY key")]
    assert written == ["2026-10-25 00:30:00.000000", "2026-10-25 01:30:00.000000"]
    assert [preparation.run(connection, GET, {"which": key})[0].at.hour for key in "ab"] == [0, 1]


def test_a_statement_of_several_rows_runs_for_each(preparation: Preparation, connection: sqlite3.Connection) -> None:
    given = [{"key": name, "at": AT} for name in "abc"]
    assert preparation.run(connection, ADD, given) == ()
    more = [{"key": name, "at": AT} for name in "de"]
    assert [row.key for row in preparation.run(connection, GIVE_BACK, more)] == ["d", "e"]
    assert connection.execute("SELECT count(*) FROM marks").fetchone() == (5,)


@pytest.mark.parametrize("keys", [["a"], ["a", "c"], []])
def test_an_in_takes_as_many_values_as_there_are(
    preparation: Preparation, connection: sqlite3.Connection, keys: list[str]
) -> None:
    given = [{"key": name, "at": AT} for name in "abc"]
    preparation.run(connection, ADD, given)
    for _ in range(2):
        found = preparation.run(connection, AMONG, {"keys": keys})
        assert [row.key for row in found] == keys


def test_an_update_writes_the_columns_that_are_given(preparation: Preparation, connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE drafts (id INTEGER PRIMARY KEY, step TEXT, rev INTEGER, data TEXT)")
    connection.execute("INSERT INTO drafts VALUES (1, 'a', 1, 'x')")
    save = sa.update(drafts).where(drafts.c.id == sa.bindparam("draft"))
    changes: tuple[dict[str, Any], ...] = ({"step": "b"}, {"rev": 2, "data": "y"}, {"step": "c"})
    for change in changes:
        preparation.run(connection, save, {"draft": 1, **change})
    assert connection.execute("SELECT * FROM drafts").fetchall() == [(1, "c", 2, "y")]


def test_columns_of_plain_text_have_their_names_too(preparation: Preparation, connection: sqlite3.Connection) -> None:
    asked = sa.text("SELECT :one AS first, count(*) FROM marks").bindparams(sa.bindparam("one", {"x": 1}, Json()))
    [row] = preparation.run(connection, asked, None)
    assert (row.first, row[1]) == ('{"x":1}', 0)


def test_a_type_that_is_named_in_the_statement_reads_its_column(
    preparation: Preparation, connection: sqlite3.Connection
) -> None:
    given = {"key": "a", "at": AT}
    preparation.run(connection, ADD, given)
    newest = sa.select(sa.func.max(marks.c.at, type_=Moment))
    assert preparation.run(connection, newest, None)[0][0] == AT


def test_a_value_that_is_missing_is_told(preparation: Preparation, connection: sqlite3.Connection) -> None:
    preparation.run(connection, GET, {"which": "a"})
    with pytest.raises(sa.exc.InvalidRequestError, match="which"):
        preparation.run(connection, GET, {"other": "a"})


def test_what_was_made_on_the_fly_is_forgotten_with_it(
    preparation: Preparation, connection: sqlite3.Connection
) -> None:
    for name in "abc":
        preparation.run(connection, sa.select(marks).where(marks.c.key == name), None)
    preparation.run(connection, GET, {"which": "a"})
    gc.collect()
    assert len(preparation) == 1
