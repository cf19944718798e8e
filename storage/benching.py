"""What the speed of the store is measured against: bare commits, a bare scan, and a town with many cases in it."""

import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiosqlite
import sqlalchemy as sa

from bot.domain.cases import Kind
from bot.domain.machine import WORKING_STATES, State
from storage.engine import PRAGMAS, normalise_url, plain_transaction
from storage.schema import case_parties, cases

_PART = 5000
OPEN = 2000
"""So many cases, the newest, are open: a town's history grows, what it has on its desk does not."""


async def bare_commits(path: Path, rows: Sequence[str]) -> float:
    """Seconds for one durable commit a row, by aiosqlite, with the very settings of the store."""
    async with aiosqlite.connect(path, isolation_level=None) as connection:
        for pragma in PRAGMAS:
            await connection.execute(pragma)
        await connection.execute("CREATE TABLE bare (id INTEGER PRIMARY KEY, raw TEXT NOT NULL)")
        began = time.perf_counter()
        for row in rows:
            await connection.execute("BEGIN IMMEDIATE")
            await connection.execute("INSERT INTO bare (raw) VALUES (?)", (row,))
            await connection.execute("COMMIT")
        return time.perf_counter() - began


def scan_open_cases(url: str) -> float:
    """Seconds for the one query that digests need at the least, all rows fetched."""
    query = sa.select(cases).where(cases.c.state.in_(sorted(WORKING_STATES)))
    with plain_transaction(normalise_url(url)) as connection:
        began = time.perf_counter()
        connection.execute(query).all()
        return time.perf_counter() - began


def fill(url: str, count: int, places: Sequence[tuple[str, str, str, str]], author: int, now: datetime) -> None:
    """Put `count` made-up cases into an empty store; `places`: village, topic, station, deputy, one after another."""
    with plain_transaction(normalise_url(url)) as connection:
        for part in _parts(count, places, now):
            connection.execute(sa.insert(cases), part)
        few = [{"case_id": number, "person_id": author, "part": "author"} for number in range(1, min(count, 20) + 1)]
        connection.execute(sa.insert(case_parties), few)
        connection.exec_driver_sql("ANALYZE")


def _parts(count: int, places: Sequence[tuple[str, str, str, str]], now: datetime) -> Iterator[list[dict[str, Any]]]:
    for start in range(1, count + 1, _PART):
        yield [
            _case(number, number > count - OPEN, places[number % len(places)], now)
            for number in range(start, min(start + _PART, count + 1))
        ]


def _case(number: int, is_open: bool, place: tuple[str, str, str, str], now: datetime) -> dict[str, Any]:
    village, topic, station, deputy = place
    at = now - timedelta(minutes=number % 10_000)
    return {
        "id": number, "number": f"ZJ-2025-{number:07d}", "kind": Kind.COMPLAINT,
        "state": State.WITH_STATION if is_open else State.CLOSED, "version": 1,
        "text": f"村口第{number}盏路灯坏了半个月，晚上老人不敢出门，请尽快派人来修", "village": village, "topic": topic,
        "station": station, "deputy": deputy, "urgent": False, "restricted": False, "sealed": False,
        "created_at": at, "updated_at": at, "due_at": now + timedelta(days=number % 9 - 2) if is_open else None,
        "closed_at": None if is_open else at, "reopened": 0, "confidence": 0.9, "head": "",
    }  # fmt: skip
