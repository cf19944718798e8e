"""Cases, their histories, numbers, attachments, and who stands behind them."""

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert  # SQLite reads the same ON CONFLICT clause

from bot.domain.cases import Attachment, Case, Consent, Event, Kind, Move
from bot.domain.contacts import Reveal
from bot.domain.machine import OPEN_STATES, State
from bot.domain.messages import File, Location
from bot.ports import CaseFilter, Said, Sought, StaleCase
from storage import case_filter
from storage.case_filter import LOOKED_UP, PART
from storage.connection import Db
from storage.schema import attachments, case_events, case_parties, cases, counters

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
_BEGIN = update(cases).where(cases.c.id == bindparam("case"))
_APPEND = insert(case_events)
_EVENTS = select(case_events).where(case_events.c.case_id == bindparam("case")).order_by(case_events.c.seq)

_REVEALS = (
    select(cases.c.number, case_events.c.person, case_events.c.seat, case_events.c.at, case_events.c.data)
    .join(cases, cases.c.id == case_events.c.case_id)
    .where(case_events.c.action == literal_column("'reveal'"), case_events.c.at >= bindparam("since"))
    .order_by(case_events.c.at.desc())
    .limit(bindparam("limit"))
)

# Written out, not given: SQLite would plan a statement anew each time to see whether the index of authors fits.
_LINK = upsert(case_parties).on_conflict_do_nothing(index_elements=["case_id", "person_id", "part"])
_OF_CASE = select(case_parties.c.person_id).where(case_parties.c.case_id == bindparam("case"))
_AUTHOR = _OF_CASE.where(PART["author"])
_IS_AUTHOR = _AUTHOR.where(case_parties.c.person_id == bindparam("person"))

_PARTIES = {part: _OF_CASE.where(of) for part, of in PART.items()}
_SUPPORTS = _PARTIES["supporter"].where(case_parties.c.person_id == bindparam("person"))
_BACKING = (
    select(case_parties.c.case_id, func.count().label("people"))
    .where(PART["supporter"])
    .group_by(case_parties.c.case_id)
)
_UNLINK = {
    part: delete(case_parties).where(
        case_parties.c.case_id == bindparam("case"), case_parties.c.person_id == bindparam("person"), of
    )
    for part, of in PART.items()
}

_ATTACH = insert(attachments)
_ATTACHMENTS = select(attachments).where(attachments.c.case_id == bindparam("case")).order_by(attachments.c.id)

_DUE = (
    select(cases.c.id)
    .where(cases.c.next_at <= bindparam("now"))
    .order_by(cases.c.next_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)

_NEWEST = select(func.max(cases.c.id))

_KEYS = cases.c.keys()
_LATITUDE, _LONGITUDE = _KEYS.index("latitude"), _KEYS.index("longitude")
# Where each field of a case stands in a row; a place on the map is made of two columns.
_FIELDS = [field.name for field in fields(Case)]
_pick = itemgetter(*(_LATITUDE if name == "location" else _KEYS.index(name) for name in _FIELDS))
_LOCATION = _FIELDS.index("location")
_LISTS = [_FIELDS.index(name) for name in ("helpers", "recused")]


# The newest are found in the index alone; only they are read.
_NEWEST_THERE = (
    select(cases.c.id)
    .where(
        cases.c.state.in_(sorted(OPEN_STATES)),
        cases.c.village == bindparam("where"),
        cases.c.topic == bindparam("what"),
    )
    .order_by(LOOKED_UP.desc())
    .limit(bindparam("most"))
)
_SAID = (
    select(cases.c.id, cases.c.text, cases.c.urgent)
    .where(
        cases.c.id.in_(_NEWEST_THERE),
        cases.c.sealed.is_(False),
        cases.c.restricted.is_(False),
        cases.c.kind != Kind.HELP,
        cases.c.text != "",
    )
    .order_by(cases.c.id.desc())
)
_OPEN = select(cases).where(cases.c.state.in_(sorted(OPEN_STATES))).order_by(LOOKED_UP.desc())

_ON_BOARD = (
    cases.c.published.is_not(None),
    cases.c.consent == Consent.AGREED,
    cases.c.state.in_([State.CLOSED, State.ARCHIVED]),
    cases.c.restricted.is_(False),
    cases.c.sealed.is_(False),
)

_EVENT = tuple(field.name for field in fields(Event))
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
        await self._append(event)

    async def begin(self, first: Move) -> None:
        case = first.case
        await self._db.rows(_BEGIN, {"case": case.id, "version": case.version, "head": case.head})
        await self._append(first.event)

    async def _append(self, event: Event) -> None:
        row = {name: getattr(event, name) for name in _EVENT}
        await self._db.rows(_APPEND, {**row, "data": dict(event.data)})

    async def events(self, case_id: int) -> list[Event]:
        return [Event(**row._asdict()) for row in await self._db.rows(_EVENTS, {"case": case_id})]

    async def reveals(self, since: datetime, limit: int) -> list[Reveal]:
        return [
            Reveal(row.number, row.person, row.seat, row.at, str(row.data.get("text", "")))
            for row in await self._db.rows(_REVEALS, {"since": since, "limit": limit})
        ]

    async def find(self, wanted: CaseFilter) -> list[Case]:
        shape, given = case_filter.shape_of(wanted)
        rows = await self._db.rows(case_filter.found(shape), {**given, "limit": wanted.limit})
        return [case_of(row) for row in rows]

    async def said(self, village: str, topic: str, most: int) -> list[Said]:
        return [Said(*row) for row in await self._db.rows(_SAID, {"where": village, "what": topic, "most": most})]

    async def count(self, wanted: CaseFilter) -> int:
        """All that match; `limit` has no say here."""
        shape, given = case_filter.shape_of(wanted)
        return int(await self._db.value(case_filter.counted(shape), given))

    async def newest(self) -> int:
        return int(await self._db.value(_NEWEST) or 0)

    async def search(
        self, terms: Sequence[Sought], seats: Sequence[str], stations: Sequence[str], ids: range, most: int
    ) -> list[Case]:
        wanted = [cases.c.id >= ids.start, cases.c.id < ids.stop, *map(case_filter.meets, terms)]
        if seats or stations:
            # Joined to nothing, so that both planners walk the few ids instead of all that ever lay at a station.
            wanted.append(or_((cases.c.deputy + "").in_(seats), (cases.c.station + "").in_(stations)))
        rows = await self._db.rows(select(cases).where(*wanted).order_by(cases.c.id.desc()).limit(most))
        return [case_of(row) for row in rows]

    async def link(self, case_id: int, person_id: int, part: str) -> None:
        await self._db.rows(_LINK, {"case_id": case_id, "person_id": person_id, "part": part})

    async def author(self, case_id: int) -> int | None:
        found: int | None = await self._db.value(_AUTHOR, {"case": case_id})
        return found

    async def is_author(self, case_id: int, person_id: int) -> bool:
        return await self._db.first(_IS_AUTHOR, {"case": case_id, "person": person_id}) is not None

    async def supports(self, case_id: int, person_id: int) -> bool:
        return await self._db.first(_SUPPORTS, {"case": case_id, "person": person_id}) is not None

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
                "sender": one.sender,
            }
            for one in attachments
        ]
        if rows:
            await self._db.rows(_ATTACH, rows)

    async def attachments(self, case_id: int) -> list[Attachment]:
        return [
            Attachment(
                File(row.kind, row.ref, row.unique, row.channel),
                row.channel,
                row.stage,
                row.event,
                row.sender,
                row.id,
                row.state,
                row.name,
                row.type,
            )
            for row in await self._db.rows(_ATTACHMENTS, {"case": case_id})
        ]

    async def orphans(self, seats: Iterable[str]) -> list[Case]:
        """A case that is on no deputy's seat at all is nobody's orphan: it is the office's."""
        lost = _OPEN.where(cases.c.deputy.is_not(None), cases.c.deputy.not_in(sorted(seats)))
        return [case_of(row) for row in await self._db.rows(lost)]

    async def stranded(self, stations: Iterable[str]) -> list[Case]:
        lost = _OPEN.where(cases.c.station.is_not(None), cases.c.station.not_in(sorted(stations)))
        return [case_of(row) for row in await self._db.rows(lost)]

    async def board(self, village: str | None, topic: str | None, skip: int, most: int) -> tuple[list[Case], int]:
        places = ((cases.c.village, village), (cases.c.topic, topic))
        wanted = (*_ON_BOARD, *(column == value for column, value in places if value is not None))
        found = select(cases).where(*wanted).order_by(cases.c.id.desc()).limit(most).offset(skip)
        total = select(func.count()).select_from(cases).where(*wanted)
        return [case_of(row) for row in await self._db.rows(found)], int(await self._db.value(total))

    async def due(self, now: datetime, most: int) -> list[int]:
        return [row.id for row in await self._db.rows(_DUE, {"now": now, "most": most})]

    async def parties(self, case_id: int, part: str) -> list[int]:
        return [row.person_id for row in await self._db.rows(_PARTIES[part], {"case": case_id})]

    async def backing(self) -> dict[int, int]:
        return {row.case_id: row.people for row in await self._db.rows(_BACKING)}

    async def unlink(self, case_id: int, person_id: int, part: str) -> None:
        await self._db.rows(_UNLINK[part], {"case": case_id, "person": person_id})


def _plain(case: Case) -> dict[str, Any]:
    plain = {name: getattr(case, name) for name in _COLUMNS}
    place = case.location
    return {**plain, "latitude": place and place.latitude, "longitude": place and place.longitude}


def case_of(row: Sequence[Any]) -> Case:
    """The case whose columns, in the table's order, begin the row."""
    values = list(_pick(row))
    latitude, longitude = row[_LATITUDE], row[_LONGITUDE]
    values[_LOCATION] = None if latitude is None else Location(latitude, longitude)
    for place in _LISTS:
        values[place] = tuple(values[place])
    return Case(*values)
