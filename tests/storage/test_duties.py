"""Duties, who follows reception days, cases and events by time, and the log of exports."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.domain.duties import Duty, DutyKind, Supplement
from bot.domain.messages import File, FileKind
from bot.ports.ledgers import DutyFilter, Export
from storage.engine import normalise_url, plain_transaction
from storage.store import SqlStore
from tests.storage.samples import NOW

PHOTO = File(FileKind.PHOTO, "ref", "unique")


async def _person(store: SqlStore) -> int:
    async with store.begin() as tx:
        return (await tx.people.add("telegram", "a", "a", "zh-CN", NOW)).id


def _duty(person: int, **changes: Any) -> Duty:
    plain = Duty(0, DutyKind.VISIT, date(2026, 3, 2), "shilong-1", person, "shilong", "走访5户", NOW)
    return replace(plain, **changes)


async def test_a_duty_is_read_back_as_it_was_stored(store: SqlStore) -> None:
    duty = _duty(await _person(store), facts={"households": 5}, members=("b", "a"), files=(PHOTO,), channel="telegram")
    async with store.begin() as tx:
        kept = await tx.duties.add(duty)
    async with store.begin() as tx:
        assert await tx.duties.get(kept.id) == replace(duty, id=kept.id)
        assert await tx.duties.get(kept.id + 1) is None


async def test_a_case_that_does_not_exist_is_not_linked(store: SqlStore) -> None:
    duty = _duty(await _person(store), cases=("ZJ-2026-000009",))
    async with store.begin() as tx:
        assert (await tx.duties.add(duty)).cases == ()


async def test_duties_are_found_by_day_kind_station_and_by_who_took_part(store: SqlStore) -> None:
    person = await _person(store)
    async with store.begin() as tx:
        visit = await tx.duties.add(_duty(person, members=("shilong-2",)))
        study = await tx.duties.add(_duty(person, kind=DutyKind.STUDY, on=date(2026, 4, 1), station=None))
        assert await tx.duties.find(DutyFilter()) == [visit, study]
        assert await tx.duties.find(DutyFilter(since=date(2026, 4, 1))) == [study]
        assert await tx.duties.find(DutyFilter(until=date(2026, 4, 1))) == [visit]
        assert await tx.duties.find(DutyFilter(kinds=(DutyKind.STUDY,))) == [study]
        assert await tx.duties.find(DutyFilter(station="shilong")) == [visit]
        assert await tx.duties.find(DutyFilter(seat="shilong-2")) == [visit]
        assert await tx.duties.find(DutyFilter(seat="shilong-1")) == [visit, study]


async def test_a_struck_duty_counts_no_more_but_is_kept(store: SqlStore) -> None:
    async with store.begin() as tx:
        duty = await tx.duties.add(_duty((await tx.people.add("telegram", "a", "a", "zh-CN", NOW)).id))
        await tx.duties.strike(duty.id, NOW)
        assert await tx.duties.find(DutyFilter()) == []
        assert await tx.duties.get(duty.id) == replace(duty, struck_at=NOW)


async def test_what_came_of_a_duty_is_added_the_newest_day_first_and_never_changed(store: SqlStore, url: str) -> None:
    person = await _person(store)
    days = (date(2026, 3, 5), date(2026, 3, 4), date(2026, 3, 5))
    photo = File(FileKind.PHOTO, "later", "later", "web")
    added = [Supplement(on, "office-1", person, f"答复{n}", NOW, (photo,)) for n, on in enumerate(days)]
    async with store.begin() as tx:
        duty = await tx.duties.add(_duty(person, kind=DutyKind.PARTY, files=(PHOTO,), channel="telegram"))
        for supplement in added:
            await tx.duties.supplement(duty.id, supplement)
    async with store.begin() as tx:
        found = await tx.duties.get(duty.id)
        files = [(one.channel, one.event, one.file.ref) for one in await tx.duties.attachments(duty.id)]
        until = NOW + timedelta(minutes=5)
        claimed = [one.ref for one in await tx.files.claim("web", NOW, 9, until)]
    assert found is not None
    assert [one.text for one in found.supplements] == ["答复2", "答复0", "答复1"]
    assert replace(found, supplements=()) == duty
    assert [[file.ref for file in one.files] for one in found.supplements] == [["later"]] * 3
    assert files == [("telegram", 0, "ref"), *(("web", n, "later") for n in (1, 2, 3))]
    assert claimed == ["later"] * 3, "each is fetched from the channel that brought it"
    for change in ("UPDATE duty_supplements SET text = ''", "DELETE FROM duty_supplements"):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), plain_transaction(normalise_url(url)) as connection:
            connection.execute(sa.text(change))


async def test_following_ends_when_asked_and_when_the_person_is_forgotten(store: SqlStore) -> None:
    person = await _person(store)
    async with store.begin() as tx:
        await tx.duties.follow(person, "shilong")
        await tx.duties.follow(person, "shilong")
        assert await tx.duties.followers("shilong") == [person]
        await tx.duties.unfollow(person)
        assert await tx.duties.followed(person) == []
        await tx.duties.follow(person, "datang")
        assert await tx.duties.followed(person) == ["datang"]
        await tx.people.forget(person, NOW)
        assert await tx.duties.followers("datang") == []


async def test_what_was_handed_out_stays_on_record(store: SqlStore) -> None:
    export = Export("cases", "2026", "office", "年终总结", 3, "xlsx", datetime(2026, 12, 1, tzinfo=UTC))
    async with store.begin() as tx:
        await tx.registers.log_export(export)
    async with store.begin() as tx:
        assert await tx.registers.exports() == [export]
