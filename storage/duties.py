"""Duties with the cases and files that belong to them, and who wants to hear of reception days."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam, delete, exists, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert  # SQLite reads the same ON CONFLICT clause

from bot.domain.cases import Attachment
from bot.domain.duties import Duty, Supplement
from bot.domain.messages import File
from bot.ports.ledgers import DutyFilter
from storage.connection import AnyRow, Db
from storage.schema import cases, duties, duty_cases, duty_files, duty_members, duty_supplements, reception_followers

_ADD = insert(duties).returning(duties.c.id)
_ADD_CASE = insert(duty_cases)
_ADD_FILE = insert(duty_files)
_ADD_MEMBER = insert(duty_members)
_NUMBERED = select(cases.c.id, cases.c.number)
_STRIKE = update(duties).where(duties.c.id == bindparam("duty"), duties.c.struck_at.is_(None))
_CASES = (
    select(duty_cases.c.duty_id, cases.c.number)
    .join(cases, cases.c.id == duty_cases.c.case_id)
    .order_by(duty_cases.c.case_id)
)
_FILES = select(duty_files).order_by(duty_files.c.id)
_ADD_SUPPLEMENT = insert(duty_supplements)
_NEWEST = select(func.max(duty_supplements.c.number)).where(duty_supplements.c.duty_id == bindparam("duty"))
_SUPPLEMENTS = select(duty_supplements).order_by(duty_supplements.c.on.desc(), duty_supplements.c.number.desc())
_MEMBERS = select(duty_members).order_by(duty_members.c.place)

_FOLLOW = upsert(reception_followers).on_conflict_do_nothing(index_elements=["person_id", "station"])
_UNFOLLOW = delete(reception_followers).where(reception_followers.c.person_id == bindparam("person"))
_FOLLOWERS = (
    select(reception_followers.c.person_id)
    .where(reception_followers.c.station == bindparam("at_station"))
    .order_by(reception_followers.c.person_id)
)
_FOLLOWED = (
    select(reception_followers.c.station)
    .where(reception_followers.c.person_id == bindparam("person"))
    .order_by(reception_followers.c.station)
)

_COLUMNS = ("kind", "on", "seat", "person", "station", "text", "created_at", "channel", "struck_at")
_PAGE = 500
"""How many records' cases and files are looked up at once: databases limit a statement's parameters."""


class SqlDuties:
    """Implements `bot.ports.ledgers.Duties`."""

    __slots__ = ("_db",)

    def __init__(self, db: Db) -> None:
        self._db = db

    async def add(self, duty: Duty) -> Duty:
        plain = {name: getattr(duty, name) for name in _COLUMNS} | {"facts": dict(duty.facts)}
        duty_id: int = await self._db.value(_ADD, plain)
        found = await self._db.rows(_NUMBERED.where(cases.c.number.in_(duty.cases))) if duty.cases else ()
        ids = {row.number: row.id for row in found}
        known = tuple(number for number in duty.cases if number in ids)
        if known:
            await self._db.rows(_ADD_CASE, [{"duty_id": duty_id, "case_id": ids[number]} for number in known])
        if duty.members:
            seats = [{"duty_id": duty_id, "seat": seat, "place": i} for i, seat in enumerate(duty.members)]
            await self._db.rows(_ADD_MEMBER, seats)
        await self._attach(duty_id, duty.files, duty.channel)
        return replace(duty, id=duty_id, cases=known)

    async def get(self, duty_id: int) -> Duty | None:
        found = await self._whole(await self._db.rows(select(duties).where(duties.c.id == duty_id)))
        return found[0] if found else None

    async def supplement(self, duty_id: int, supplement: Supplement) -> None:
        await self._db.hold(f"duty:{duty_id}")
        number = int(await self._db.value(_NEWEST, {"duty": duty_id}) or 0) + 1
        plain = {name: getattr(supplement, name) for name in ("on", "seat", "person", "text", "at")}
        await self._db.rows(_ADD_SUPPLEMENT, {"duty_id": duty_id, "number": number, **plain})
        await self._attach(duty_id, supplement.files, "", number)

    async def _attach(self, duty_id: int, files: Sequence[File], channel: str, supplement: int = 0) -> None:
        rows = [
            {
                "duty_id": duty_id,
                "kind": file.kind,
                "ref": file.ref,
                "unique": file.unique,
                "channel": file.channel or channel,
                "supplement": supplement,
            }
            for file in files
        ]
        if rows:
            await self._db.rows(_ADD_FILE, rows)

    async def attachments(self, duty_id: int) -> list[Attachment]:
        return [
            Attachment(
                File(row.kind, row.ref, row.unique, row.channel),
                row.channel,
                "after",
                row.supplement,
                id=row.id,
                state=row.state,
                name=row.name,
                type=row.type,
            )
            for row in await self._db.rows(_FILES.where(duty_files.c.duty_id == duty_id))
        ]

    async def strike(self, duty_id: int, at: datetime) -> None:
        await self._db.rows(_STRIKE.values(struck_at=at), {"duty": duty_id})

    async def find(self, wanted: DutyFilter) -> list[Duty]:
        query = select(duties).where(duties.c.struck_at.is_(None)).order_by(duties.c.on, duties.c.id)
        if wanted.since is not None:
            query = query.where(duties.c.on >= wanted.since)
        if wanted.until is not None:
            query = query.where(duties.c.on < wanted.until)
        if wanted.kinds:
            query = query.where(duties.c.kind.in_(wanted.kinds))
        if wanted.station is not None:
            query = query.where(duties.c.station == wanted.station)
        if wanted.seat is not None:
            of = duty_members.c.duty_id == duties.c.id
            took_part = exists().where(of, duty_members.c.seat == wanted.seat)
            query = query.where(or_(duties.c.seat == wanted.seat, took_part))
        return await self._whole(await self._db.rows(query))

    async def follow(self, person_id: int, station: str) -> None:
        await self._db.rows(_FOLLOW, {"person_id": person_id, "station": station})

    async def unfollow(self, person_id: int) -> None:
        await self._db.rows(_UNFOLLOW, {"person": person_id})

    async def followers(self, station: str) -> list[int]:
        return [row.person_id for row in await self._db.rows(_FOLLOWERS, {"at_station": station})]

    async def followed(self, person_id: int) -> list[str]:
        return [row.station for row in await self._db.rows(_FOLLOWED, {"person": person_id})]

    async def _whole(self, rows: Sequence[AnyRow]) -> list[Duty]:
        """The records with their cases, members and files."""
        whole: list[Duty] = []
        for start in range(0, len(rows), _PAGE):
            page = rows[start : start + _PAGE]
            ids = [row.id for row in page]
            numbers = await self._db.rows(_CASES.where(duty_cases.c.duty_id.in_(ids)))
            seats = await self._db.rows(_MEMBERS.where(duty_members.c.duty_id.in_(ids)))
            files = await self._db.rows(_FILES.where(duty_files.c.duty_id.in_(ids)))
            later = await self._db.rows(_SUPPLEMENTS.where(duty_supplements.c.duty_id.in_(ids)))
            whole += [
                Duty(
                    **row._asdict(),
                    cases=tuple(one.number for one in numbers if one.duty_id == row.id),
                    members=tuple(one.seat for one in seats if one.duty_id == row.id),
                    files=_files(files, row.id, 0),
                    supplements=tuple(_supplement(one, files) for one in later if one.duty_id == row.id),
                )
                for row in page
            ]
        return whole


def _files(rows: Sequence[AnyRow], duty_id: int, supplement: int) -> tuple[File, ...]:
    mine = (row for row in rows if (row.duty_id, row.supplement) == (duty_id, supplement))
    return tuple(File(row.kind, row.ref, row.unique) for row in mine)


def _supplement(row: AnyRow, files: Sequence[AnyRow]) -> Supplement:
    return Supplement(row.on, row.seat, row.person, row.text, row.at, _files(files, row.duty_id, row.number))
