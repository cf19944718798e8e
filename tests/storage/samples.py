"""Values that many storage tests use."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.domain.cases import Actor, Case, Kind, open_case
from bot.domain.machine import Part, State
from bot.domain.messages import Outgoing, OutgoingKind
from bot.domain.people import Person
from bot.ports import RawUpdate, Tx
from storage.connection import AnyRow
from storage.store import SqlStore

NOW = datetime(2026, 3, 2, 8, 30, 15, 123456, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def update(key: int, chat: str = "1", channel: str = "telegram") -> RawUpdate:
    return RawUpdate(channel, key, chat, f'{{"update_id":{key}}}')


def text(chat: str = "1", words: str = "hello") -> Outgoing:
    return Outgoing(OutgoingKind.TEXT, chat, words)


def toast(chat: str = "1") -> Outgoing:
    return Outgoing(OutgoingKind.TOAST, chat, "noted", press_id="p1")


async def person(tx: Tx, account: str = "100") -> Person:
    return await tx.people.add("telegram", account, account, "zh-CN", NOW)


def fresh_case(number: str, **changes: Any) -> Case:
    plain: dict[str, Any] = {
        "id": 0,
        "number": number,
        "kind": Kind.COMPLAINT,
        "state": State.REGISTERED,
        "version": 0,
        "text": "村口的路灯坏了",
        "village": "longwan",
        "hamlet": "上村",
        "topic": "roads",
        "subtopic": "street_light",
        "station": "station_a",
        "deputy": "deputy_1",
        "urgent": False,
        "restricted": False,
        "sealed": False,
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Case(**{**plain, **changes})


async def register(tx: Tx, author: Person | None = None, **changes: Any) -> Case:
    """A numbered case with its first event."""
    number = changes.pop("number", None) or await tx.cases.next_number("ZJ", 2026)
    case = await tx.cases.add(fresh_case(number, **changes))
    move = open_case(case, Actor(Part.AUTHOR, author.id if author else None), {"channel": "telegram"})
    await tx.cases.save(move)
    if author:
        await tx.cases.link(case.id, author.id, "author")
    return move.case


async def sql(store: SqlStore, statement: str) -> Sequence[AnyRow]:
    """What the database says itself, past the repositories."""
    async with store.database.transaction() as db:
        return await db.rows(sa.text(statement))
