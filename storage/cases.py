"""Cases, their histories, numbers, attachments, and who stands behind them."""

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, insert, literal_column, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert  # SQLite reads the same ON CONFLICT clause

from bot.domain.cases import Attachment, Case, Event, Move
from bot.domain.contacts import Reveal
from bot.domain.machine import OPEN_STATES
from bot.domain.messages import File, Location
from bot.ports import CaseFilter, StaleCase
from storage.connection import Db
from storage.schema import attachments, case_events, case_parties, cases, counters
from storage.types import BigId

_NUMBER = (
    upsert(counters)
    .values(value=1)
    .on_conflict_do_update(index_elements=["code", "year"], set_={"value": counters.c.value + 1})
    .returning(counters.c.value)
)
_ADD = insert(cases).returning(cases.c.id)
_GET = select(cases).where(cases.c.id == bindparam("case"))
_LOCK = _GET.with_for_update()
_BY_NUMBER = select(cases).where(cases.c.number == bindparam("which"))
_SAVE = update(cases).where(cases.c.id == bindparam("case"), cases.c.version == bindparam("seen")).returning(cases.c.id)
_APPEND = insert(case_events)
_EVENTS = select(case_events).where(case_events.c.case_id == bindparam("case")).order_by(case_events.c.seq)

_REVEALS = (
    select(cases.c.number, case_events.c.person, case_events.c.seat, case_events.c.at, case_events.c.data)
    .join(cases, cases.c.id == case_events.c.case_id)
    .where(case_events.c.action == literal_column("'reveal'"), case_events.c.at >= bindparam("since"))
    .order_by(case_events.c.at.desc())
    .limit(bindparam("limit"))
)

_LINK = upsert(case_parties).on_conflict_do_nothing(index_elements=["case_id", "person_id", "part"])
_AUTHOR = select(case_parties.c.person_id).where(
    case_parties.c.case_id == bindparam("case"), case_parties.c.part == "author"
)
_IS_AUTHOR = _AUTHOR.where(case_parties.c.person_id == bindparam("person"))

_PARTIES = select(case_parties.c.person_id).where(
    case_parties.c.case_id == bindparam("case"), case_parties.c.part == bindparam("part")
)
_BACKING = (
    select(case_parties.c.case_id, func.count().label("people"))
    .where(case_parties.c.part == "supporter")
    .group_by(case_parties.c.case_id)
)
_UNLINK = delete(case_parties).where(
    case_parties.c.case_id == bindparam("case"),
    case_parties.c.person_id == bindparam("person"),
    case_parties.c.part == bindparam("part"),
)

_ATTACH = insert(attachments)
_ATTACHMENTS = select(attachments).where(attachments.c.case_id == bindparam("case")).order_by(attachments.c.id)

# The order where few of all cases are wanted. The plus keeps both planners from walking the cases by id in the
# hope of meeting those few soon: they look them up by an index and sort them.
_LOOKED_UP = literal_column("+cases.id", BigId)

_DUE = (
    select(cases.c.id)
    .where(cases.c.next_at <= bindparam("now"))
    .order_by(cases.c.next_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)

_KEYS = tuple(cases.c.keys())
_COLUMNS = tuple(field.name for field in fields(Case) if field.name not in ("id", "location"))


class SqlCases:
    """Implements `bot.ports.Cases`."""

    __slots__ = ("_db",)

    def __init__(self, db: Db) -> None:
        self._db = db

    async def next_number(self, code: str, year: int) -> str:
        """The counter's row stays locked until the transaction ends, so a number given back leaves no gap."""
        value = await self._db.value(_NUMBER, {"code": code, "year": year})
        return f"{code}-{year}-{value:06d}"

    async def add(self, case: Case) -> Case:
        return replace(case, id=await self._db.value(_ADD, _plain(case)))

    async def get(self, case_id: int, *, lock: bool = False) -> Case | None:
        row = await self._db.first(_LOCK if lock else _GET, {"case": case_id})
        return case_of(row) if row else None

    async def by_number(self, number: str) -> Case | None:
        row = await self._db.first(_BY_NUMBER, {"which": number})
        return case_of(row) if row else None

    async def save(self, move: Move) -> None:
        case, event = move.case, move.event
        given = {"case": case.id, "seen": event.seq - 1, **_plain(case)}
        if await self._db.first(_SAVE, given) is None:
            raise StaleCase(f"case {case.id} is no longer at version {event.seq - 1}")
        row = {field.name: getattr(event, field.name) for field in fields(Event)}
        await self._db.rows(_APPEND, {**row, "data": dict(event.data)})

    async def events(self, case_id: int) -> list[Event]:
        return [Event(**row._asdict()) for row in await self._db.rows(_EVENTS, {"case": case_id})]

    async def reveals(self, since: datetime, limit: int) -> list[Reveal]:
        return [
            Reveal(row.number, row.person, row.seat, row.at, str(row.data.get("text", "")))
            for row in await self._db.rows(_REVEALS, {"since": since, "limit": limit})
        ]

    async def find(self, wanted: CaseFilter) -> list[Case]:
        few = wanted.states is not None and wanted.states <= OPEN_STATES
        few = few or bool(wanted.seats or wanted.stations)
        few = few or wanted.author is not None or wanted.supporter is not None
        return await self._all(_conditions(wanted), few=few, limit=wanted.limit)

    async def count(self, wanted: CaseFilter) -> int:
        """All that match; `limit` has no say here."""
        query = select(func.count()).select_from(cases).where(*_conditions(wanted))
        return int(await self._db.value(query))

    async def link(self, case_id: int, person_id: int, part: str) -> None:
        await self._db.rows(_LINK, {"case_id": case_id, "person_id": person_id, "part": part})

    async def author(self, case_id: int) -> int | None:
        found: int | None = await self._db.value(_AUTHOR, {"case": case_id})
        return found

    async def is_author(self, case_id: int, person_id: int) -> bool:
        return await self._db.first(_IS_AUTHOR, {"case": case_id, "person": person_id}) is not None

    async def attach(self, case_id: int, attachments: Iterable[Attachment]) -> None:
        rows = [
            {
                "case_id": case_id,
                "kind": one.file.kind,
                "ref": one.file.ref,
                "unique": one.file.unique,
                "channel": one.channel,
                "stage": one.stage,
                "event": one.event,
            }
            for one in attachments
        ]
        if rows:
            await self._db.rows(_ATTACH, rows)

    async def attachments(self, case_id: int) -> list[Attachment]:
        return [
            Attachment(File(row.kind, row.ref, row.unique), row.channel, row.stage, row.event)
            for row in await self._db.rows(_ATTACHMENTS, {"case": case_id})
        ]

    async def orphans(self, seats: Iterable[str]) -> list[Case]:
        """A case that is on no deputy's seat at all is nobody's orphan: it is the office's."""
        return await self._all(
            [
                cases.c.state.in_(sorted(OPEN_STATES)),
                cases.c.deputy.is_not(None),
                cases.c.deputy.not_in(sorted(seats)),
            ]
        )

    async def due(self, now: datetime, most: int) -> list[int]:
        return [row.id for row in await self._db.rows(_DUE, {"now": now, "most": most})]

    async def parties(self, case_id: int, part: str) -> list[int]:
        return [row.person_id for row in await self._db.rows(_PARTIES, {"case": case_id, "part": part})]

    async def backing(self) -> dict[int, int]:
        return {row.case_id: row.people for row in await self._db.rows(_BACKING)}

    async def unlink(self, case_id: int, person_id: int, part: str) -> None:
        await self._db.rows(_UNLINK, {"case": case_id, "person": person_id, "part": part})

    async def _all(
        self, conditions: Sequence[ColumnElement[bool]], *, few: bool = True, limit: int | None = None
    ) -> list[Case]:
        newest = _LOOKED_UP if few else cases.c.id
        query = select(cases).where(*conditions).order_by(newest.desc()).limit(limit)
        return [case_of(row) for row in await self._db.rows(query)]


def _conditions(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.states is not None:
        found.append(cases.c.state.in_(sorted(wanted.states)))
    places = ((cases.c.deputy, wanted.seats), (cases.c.station, wanted.stations))
    if any(ids for _, ids in places):
        found.append(or_(*(column.in_(ids) for column, ids in places if ids)))
    for part, person in (("author", wanted.author), ("supporter", wanted.supporter)):
        if person is not None:
            of = and_(case_parties.c.person_id == person, case_parties.c.part == part)
            found.append(cases.c.id.in_(select(case_parties.c.case_id).where(of)))
    single = (
        (cases.c.village, wanted.village),
        (cases.c.topic, wanted.topic),
        (cases.c.sealed, wanted.sealed),
    )
    if wanted.since is not None:
        found.append(cases.c.created_at >= wanted.since)
    if wanted.until is not None:
        found.append(cases.c.created_at < wanted.until)
    found.extend(column == value for column, value in single if value is not None)
    return found


def _plain(case: Case) -> dict[str, Any]:
    plain = {name: getattr(case, name) for name in _COLUMNS}
    place = case.location
    return {**plain, "latitude": place and place.latitude, "longitude": place and place.longitude}


def case_of(row: Sequence[Any]) -> Case:
    """The case whose columns, in the table's order, begin the row."""
    plain: dict[str, Any] = dict(zip(_KEYS, row, strict=False))
    latitude, longitude = plain.pop("latitude"), plain.pop("longitude")
    plain["helpers"], plain["recused"] = tuple(plain["helpers"]), tuple(plain["recused"])
    return Case(**plain, location=None if latitude is None else Location(latitude, longitude))
