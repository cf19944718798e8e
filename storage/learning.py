"""What staff put right about topics, and the versions of the tagger that learned from it."""

from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert  # SQLite reads the same ON CONFLICT clause

from bot.domain.learning import Lesson, Version
from storage.connection import Db
from storage.schema import cases, lessons, tagger_versions
from storage.types import Moment

_new = insert(lessons)
_TEACH = _new.on_conflict_do_update(
    index_elements=["case_id"], set_={name: _new.excluded[name] for name in ("label", "person_id", "at")}
)
_LESSONS = (
    select(lessons.c.case_id, lessons.c.label, lessons.c.person_id, lessons.c.at, cases.c.text)
    .join(cases, cases.c.id == lessons.c.case_id)
    .where(cases.c.sealed.is_(False), cases.c.text != "")
    .order_by(lessons.c.at, lessons.c.case_id)
)
_NEWEST = select(lessons.c.at).order_by(lessons.c.at.desc()).limit(1)
_VERSIONS = select(
    tagger_versions.c.version,
    tagger_versions.c.made_at,
    tagger_versions.c.lessons,
    tagger_versions.c.people,
    tagger_versions.c.chosen_at,
).order_by(tagger_versions.c.version)
_CONTENT = select(tagger_versions.c.content).where(tagger_versions.c.version == bindparam("which"))
_ADD = insert(tagger_versions).on_conflict_do_nothing(index_elements=["version"]).returning(tagger_versions.c.version)
_CHOOSE = (
    update(tagger_versions)
    .where(tagger_versions.c.version == bindparam("which"))
    .values(chosen_at=bindparam("moment", type_=Moment), chosen_by=bindparam("who"))
    .returning(tagger_versions.c.version)
)


class SqlLearning:
    """Implements `bot.ports.Learning`."""

    __slots__ = ("_db",)

    def __init__(self, db: Db) -> None:
        self._db = db

    async def teach(self, lesson: Lesson) -> None:
        row = {"case_id": lesson.case_id, "label": lesson.label, "person_id": lesson.person_id, "at": lesson.at}
        await self._db.rows(_TEACH, row)

    async def lessons(self) -> list[Lesson]:
        return [Lesson(**row._asdict()) for row in await self._db.rows(_LESSONS)]

    async def newest(self) -> datetime | None:
        found: datetime | None = await self._db.value(_NEWEST)
        return found

    async def versions(self) -> list[Version]:
        return [Version(**row._asdict()) for row in await self._db.rows(_VERSIONS)]

    async def content(self, version: int) -> str:
        found: str = await self._db.value(_CONTENT, {"which": version})
        return found

    async def add(self, version: Version, content: str) -> bool:
        row = {
            "version": version.version,
            "made_at": version.made_at,
            "lessons": version.lessons,
            "people": version.people,
            "chosen_at": version.chosen_at,
            "content": content,
        }
        return await self._db.first(_ADD, row) is not None

    async def choose(self, version: int, person_id: int, at: datetime) -> bool:
        return await self._db.first(_CHOOSE, {"which": version, "moment": at, "who": person_id}) is not None
