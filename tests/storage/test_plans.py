"""With many rows, what happens often goes through indexes."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, cast

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.sql.compiler import SQLCompiler

from bot.domain.machine import ENDED_STATES, OPEN_STATES, WORKING_STATES
from bot.ports import CaseFilter, Tx
from storage.connection import AnyRow, Db, Given
from storage.schema import metadata
from storage.store import SqlStore, SqlTx
from storage.types import Moment
from storage.vault import Vault
from tests.storage.samples import MINUTE, NOW
from tests.support.stores import KEYS

MANY = 20_000

SERIES = "WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < :many)"

# One case in fifty is open, one message in a hundred is still to be handled or sent.
FILL = (
    f"""INSERT INTO people (lang, created_at) {SERIES} SELECT 'zh-CN', :at FROM series""",
    f"""INSERT INTO cases (number, kind, state, version, text, village, station, deputy, urgent, restricted,
        sealed, created_at, updated_at, reopened, confidence, head) {SERIES}
        SELECT CAST(n AS text), 'complaint', CASE WHEN n % 50 = 0 THEN 'registered' ELSE 'closed' END, 1, 'words',
        'v' || n % 15, 's' || n % 15, 'd' || n % 97, false, false, false, :at, :at, 0, 0.5, '' FROM series""",
    f"""INSERT INTO case_parties (case_id, person_id, part) {SERIES}
        SELECT cases.id, people.id, 'author' FROM series JOIN cases ON number = CAST(n AS text)
        JOIN people ON people.id = (SELECT min(id) FROM people) + n % 5000""",
    f"""INSERT INTO inbox (channel, key, chat, received_at, handled_at) {SERIES}
        SELECT 'telegram', n, 'c' || n % 50, :at, CASE WHEN n < :many * 0.99 THEN :at END FROM series""",
    f"""INSERT INTO outbox (channel, chat, lane, key, message, rank, status, attempts, created_at, send_after,
        due_at, done_at) {SERIES}
        SELECT 'telegram', 'c' || n % 50, 'c' || n % 50, CAST(n AS text), '{{"kind":"text"}}', 1,
        CASE WHEN n < :many * 0.99 THEN 'sent' ELSE 'queued' END, 0, :at, :at, :at,
        CASE WHEN n < :many * 0.99 THEN :at END FROM series""",
)

WALK = re.compile(r"Seq Scan on (\w+)|^SCAN (\w+)$", re.MULTILINE)
"""A whole table read, as PostgreSQL and as SQLite say it."""

OFTEN: dict[str, Callable[[Tx], Awaitable[Any]]] = {
    "claim updates": lambda tx: tx.inbox.claim(5),
    "count updates": lambda tx: tx.inbox.waiting(),
    "parked updates": lambda tx: tx.inbox.parked(),
    "claim messages": lambda tx: tx.outbox.claim("telegram", NOW, 5, NOW + MINUTE, "w"),
    "next message": lambda tx: tx.outbox.next_due("telegram"),
    "messages of a chat": lambda tx: tx.outbox.rows("c7"),
    "a deputy's queue": lambda tx: tx.cases.find(CaseFilter(states=WORKING_STATES, seats=("d7",))),
    "a station's queue": lambda tx: tx.cases.find(CaseFilter(states=WORKING_STATES, stations=("s3",))),
    "both queues": lambda tx: tx.cases.find(
        CaseFilter(states=WORKING_STATES, seats=("d7", "d8"), stations=("s3",), limit=10)
    ),
    "all of a deputy": lambda tx: tx.cases.find(CaseFilter(seats=("d7",), limit=10)),
    "an author's cases": lambda tx: tx.cases.find(CaseFilter(author=1)),
    "a supporter's cases": lambda tx: tx.cases.find(CaseFilter(supporter=1)),
    "cases of a place and topic": lambda tx: tx.cases.find(
        CaseFilter(states=OPEN_STATES, village="v3", topic="roads", sealed=False, limit=200)
    ),
    "digest": lambda tx: tx.cases.find(CaseFilter(states=WORKING_STATES, limit=1_000_000)),
    "closed of late": lambda tx: tx.cases.find(CaseFilter(states=ENDED_STATES, since=NOW + MINUTE, limit=2000)),
    "count open": lambda tx: tx.cases.count(CaseFilter(states=OPEN_STATES)),
    "orphans": lambda tx: tx.cases.orphans(["d1", "d2"]),
    "stranded": lambda tx: tx.cases.stranded(["s1", "s2"]),
    "by number": lambda tx: tx.cases.by_number("77"),
}


@pytest.fixture
async def full_store(store: SqlStore) -> SqlStore:
    at, many = sa.bindparam("at", NOW, Moment), sa.bindparam("many", MANY, sa.Integer)
    async with store.database.transaction() as db:
        for statement in FILL:
            known = [given for given in (at, many) if f":{given.key}" in statement]
            await db.rows(sa.text(statement).bindparams(*known))
        if store.database.engine.name == "postgresql":  # its planner looks at the data, SQLite's at the indexes
            await db.rows(sa.text("ANALYZE"))
    return store


class Explaining(Db):
    """Runs every statement, and asks before how the database is going to."""

    def __init__(self, db: Db, dialect: Dialect) -> None:
        self._db = db
        self._dialect = cast(type[DefaultDialect], type(dialect))(paramstyle="named")  # as `text` reads it
        self._word = "EXPLAIN" if dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
        self.lines: list[str] = []

    async def rows(self, statement: sa.Executable, given: Given = None) -> Sequence[AnyRow]:
        assert not isinstance(given, list)
        compiled = cast(sa.ClauseElement, statement).compile(dialect=self._dialect, column_keys=list(given or ()))
        state = cast(SQLCompiler, compiled).construct_expanded_state(cast(Mapping[str, Any], given))
        types = {name: bind.type for name, bind in cast(SQLCompiler, compiled).binds.items()}
        types |= {one: types[name] for name, many in state.parameter_expansion.items() for one in many}
        values = (sa.bindparam(name, value, types[name]) for name, value in state.parameters.items())
        words = state.statement.replace("::", " ::")  # `text` would take a cast for a part of the name before it
        asked = sa.text(f"{self._word} {words}").bindparams(*values)
        self.lines += [row[-1] for row in await self._db.rows(asked)]
        return await self._db.rows(statement, given)

    async def hold(self, name: str) -> None:
        await self._db.hold(name)

    def savepoint(self) -> AbstractAsyncContextManager[None]:
        return self._db.savepoint()


async def _plans(store: SqlStore, act: Callable[[Tx], Awaitable[Any]]) -> str:
    """How the database would do all that `act` asks of it."""
    async with store.database.transaction() as db:
        explaining = Explaining(db, store.database.engine.dialect)
        await act(SqlTx(explaining, Vault(KEYS)))
    return "\n".join(explaining.lines)


def _walked(plan: str) -> set[str]:
    read = {table for pair in WALK.findall(plan) for table in pair}
    return read & set(metadata.tables)


async def test_what_happens_often_reads_no_whole_table(full_store: SqlStore) -> None:
    for name, act in OFTEN.items():
        plan = await _plans(full_store, act)
        assert not _walked(plan), f"{name}:\n{plan}"


async def test_the_cases_of_a_period_are_found_by_their_time(full_store: SqlStore) -> None:
    since, until = NOW + MINUTE, NOW + 2 * MINUTE
    for act in (
        lambda tx: tx.registers.cases(since, until),
        lambda tx: tx.cases.find(CaseFilter(since=since, until=until, limit=1_000_000)),
        lambda tx: tx.cases.find(CaseFilter(states=ENDED_STATES, since=since, limit=2000)),
    ):
        plan = await _plans(full_store, act)
        assert "ix_cases_created" in plan, plan


async def test_a_walk_through_a_whole_table_would_be_noticed(full_store: SqlStore) -> None:
    plan = await _plans(full_store, lambda tx: tx.cases.count(CaseFilter(sealed=False)))
    assert _walked(plan) == {"cases"}
