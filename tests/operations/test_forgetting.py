"""Who is forgotten leaves nothing that leads to them, and every figure stays, on both databases."""

from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from bot.domain.cases import Rating
from bot.domain.files import FileState
from bot.domain.support import Confirmation
from storage.engine import normalise_url, plain_transaction
from storage.filestore import stored
from storage.schema import confirmations, consents, contacts, people
from tests.support.chat import CHANNEL, LocalTown
from tests.support.pictures import jpeg

LAMP = "我们石龙村的路灯坏了半个月"


async def test_a_villager_is_forgotten_and_the_figures_stay(place: LocalTown, url: str, tmp_path: Path) -> None:
    author, supporter = place.client("v1"), place.client("v2")
    for one in (author, supporter):
        await one.agree()
    await author.say(LAMP)
    await author.file("photo", jpeg())
    await author.tap("下一步")
    await author.tap("提交")
    await author.say("/phone 13800138000")
    await place.fetcher.drain()
    [case] = await place.cases()
    async with place.store.begin() as tx:
        person = await tx.people.find(CHANNEL, "v2")
        assert person
        await tx.cases.link(case.id, person.id, "supporter")
        for round_ in (0, 1):
            said = Confirmation(case.id, person.id, round_, Rating.SATISFIED, place.clock.now())
            await tx.confirmations.put(said)
    month = (place.clock.now() - timedelta(days=1), place.clock.now() + timedelta(days=1))

    async def figures() -> tuple[object, ...]:
        async with place.store.begin() as tx:
            [record] = await tx.registers.cases(*month)
            events = await tx.registers.events(*month, ("register",))
            ratings = sorted((c.round, c.rating) for c in await tx.confirmations.of(case.id))
            return record.files, record.channel, len(events), ratings, record.case.text

    before = await figures()
    for one in (author, supporter):
        await one.press("p:forget!")
    assert await figures() == before
    assert before[0] == 1
    place.clock.push(minutes=11)
    await place.fetcher.drain()
    assert list(stored(tmp_path / "files")) == []
    async with place.store.begin() as tx:
        assert [one.state for one in await tx.cases.attachments(case.id)] == [FileState.GONE]
        assert await tx.people.find(CHANNEL, "v1") is None
        assert all(
            event.person is None for event in await tx.cases.events(case.id) if event.part in ("author", "supporter")
        )
    with plain_transaction(normalise_url(url)) as connection:
        for table in (contacts, consents):
            assert connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() == 0
        raters = connection.execute(sa.select(confirmations.c.person_id)).scalars().all()
        assert len(set(raters)) == 2, "two ratings of one person are no longer one person's"
        assert person.id not in raters
        empty = connection.execute(sa.select(people.c.lang).where(people.c.id.in_(raters))).scalars().all()
        assert empty == ["", ""]


async def test_a_case_long_closed_leads_to_nobody(place: LocalTown, url: str, tmp_path: Path) -> None:
    author = place.client("v1")
    await author.agree()
    await author.say(LAMP)
    await author.file("photo", jpeg())
    await author.tap("下一步")
    await author.tap("提交")
    await author.say("/phone 13800138000")
    await place.fetcher.drain()
    [case] = await place.cases()
    async with place.store.begin() as tx:
        person = await tx.people.find(CHANNEL, "v1")
        assert person
        await tx.confirmations.put(Confirmation(case.id, person.id, 0, Rating.FAIR, place.clock.now()))
    await author.press(f"c:{case.id}:withdraw!")
    place.clock.push(days=190)
    await place.sweep.once()
    place.clock.push(minutes=11)
    await place.fetcher.drain()
    async with place.store.begin() as tx:
        assert await tx.people.find(CHANNEL, "v1") is None
        assert not await tx.contacts.of(person.id)
        [said] = await tx.confirmations.of(case.id)
        assert (said.rating, said.person_id == person.id) == (Rating.FAIR, False)
        assert [one.state for one in await tx.cases.attachments(case.id)] == [FileState.GONE]
    assert list(stored(tmp_path / "files")) == []


async def test_two_fetchers_never_take_the_same_file(place: LocalTown) -> None:
    author = place.client("v1")
    await author.agree()
    await author.say(LAMP)
    for _ in range(6):
        await author.file("photo", jpeg(20, 20))
    await author.tap("下一步")
    await author.tap("提交")
    now, until = place.clock.now(), place.clock.now() + timedelta(minutes=5)
    seen: list[int] = []
    for _ in range(4):
        async with place.store.begin() as tx:
            seen += [one.id for one in await tx.files.claim(CHANNEL, now, 2, until)]
    assert len(seen) == len(set(seen)) == 6
