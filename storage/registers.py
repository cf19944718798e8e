"""Reads cases and their histories by time, for registers and reports, and logs what was handed out."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import func, insert, select

from bot.domain.cases import Event
from bot.ports.ledgers import CaseRecord, EventRecord, Export
from storage.cases import case_of
from storage.connection import Db
from storage.schema import attachments, case_events, case_parties, cases, consents, exports, receipts

_FILES = (
    select(func.count()).where(attachments.c.case_id == cases.c.id, attachments.c.stage == "before").scalar_subquery()
)
# Of the notices that its author agreed to, the last one before the case came in.
_AGREED = (
    select(func.max(consents.c.at))
    .join(case_parties, case_parties.c.person_id == consents.c.person_id)
    .where(case_parties.c.case_id == cases.c.id, case_parties.c.part == "author", consents.c.at <= cases.c.created_at)
    .scalar_subquery()
)
_CASES = (
    select(
        cases,
        case_events.c.data,
        _FILES.label("files"),
        receipts.c.seat.label("entered_by"),
        func.coalesce(receipts.c.entered_at, _AGREED).label("agreed_at"),
    )
    .join(case_events, (case_events.c.case_id == cases.c.id) & (case_events.c.seq == 1))
    .outerjoin(receipts, receipts.c.case_id == cases.c.id)
    .order_by(cases.c.id)
)
_EVENTS = (
    select(case_events, cases)
    .join(cases, cases.c.id == case_events.c.case_id)
    .order_by(case_events.c.at, case_events.c.case_id, case_events.c.seq)
)
_LOG = insert(exports)
_LOGGED = select(*(exports.c[field.name] for field in fields(Export))).order_by(exports.c.id)

_WIDTH = len(case_events.c)


class SqlRegisters:
    """Implements `bot.ports.ledgers.Registers`."""

    __slots__ = ("_db",)

    def __init__(self, db: Db) -> None:
        self._db = db

    async def cases(self, since: datetime, until: datetime) -> list[CaseRecord]:
        found = await self._db.rows(_CASES.where(cases.c.created_at >= since, cases.c.created_at < until))
        return [
            CaseRecord(case_of(row), str(row.data.get("channel", "")), row.files, row.entered_by, row.agreed_at)
            for row in found
        ]

    async def events(self, since: datetime, until: datetime, actions: Sequence[str]) -> list[EventRecord]:
        when = (case_events.c.at >= since, case_events.c.at < until, case_events.c.action.in_(actions))
        return [
            EventRecord(case_of(row[_WIDTH:]), Event(**dict(zip(case_events.c.keys(), row, strict=False))))
            for row in await self._db.rows(_EVENTS.where(*when))
        ]

    async def log_export(self, export: Export) -> None:
        await self._db.rows(_LOG, {field.name: getattr(export, field.name) for field in fields(Export)})

    async def exports(self) -> list[Export]:
        return [Export(*row) for row in await self._db.rows(_LOGGED)]
