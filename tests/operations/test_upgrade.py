"""A town that a program of any earlier revision left behind is brought up to today's, and goes on where it was."""

from pathlib import Path

import pytest

from bot.domain.cases import broken_at
from bot.ports import CaseFilter
from storage.migrate import current, downgrade, migrate
from tests.operations.test_copying import live_a_little
from tests.storage.test_migrations import ALL
from tests.support.chat import LocalTown, local_town


async def ledger(place: LocalTown) -> list[tuple[object, ...]]:
    """What must outlast every upgrade: each case with its history, its author and its files."""
    async with place.store.begin() as tx:
        found: list[tuple[object, ...]] = []
        for case in await tx.cases.find(CaseFilter()):
            events = await tx.cases.events(case.id)
            assert broken_at(case, events) is None
            steps = [(event.seq, event.action, event.seat, event.at, event.data) for event in events]
            files = [(one.file.ref, one.stage, one.event) for one in await tx.cases.attachments(case.id)]
            author = await tx.cases.author(case.id)
            found.append((case.number, case.text, case.state, case.village, case.deputy, author, steps, files))
        holders = await tx.people.holders()
        assert await tx.inbox.parked() == []
        return [*found, tuple(sorted(holders.items()))]


@pytest.mark.parametrize("revision", ALL[:-1])
async def test_a_town_of_an_earlier_revision_goes_on_where_it_was(revision: str, url: str, tmp_path: Path) -> None:
    async with local_town(tmp_path, url=url) as place:
        await live_a_little(place)
        before, keys = await ledger(place), place.keys
    assert len(before) == 3
    assert (await downgrade(url, revision))[-1] == ALL[ALL.index(revision) + 1]
    assert await migrate(url) == ALL[ALL.index(revision) + 1 :]
    assert await current(url) == ALL[-1]
    async with local_town(tmp_path, url=url) as place:
        place.keys = keys
        assert await ledger(place) == before
        villager = place.client("v1")
        await villager.say("1")
        await villager.say("1")
        await villager.submit("石龙村的桥塌了一角")
        assert [case.number[-6:] for case in await place.cases()] == ["000001", "000002", "000003", "000004"]
        await place.client("d1").say("/queue")
        assert len(await ledger(place)) == 5


async def test_files_of_duties_know_the_channel_of_their_record_from_then_on(url: str, tmp_path: Path) -> None:
    async with local_town(tmp_path, url=url) as place:
        deputy = await place.staff("d1", "shilong-1")
        for step in (deputy.say("/duty"), deputy.tap("月访"), deputy.photos(2), deputy.tap("完成")):
            await step
        async with place.store.begin() as tx:
            before = await tx.duties.attachments(1)
    assert [one.channel for one in before] == ["local", "local"]
    await downgrade(url, "0014")
    await migrate(url)
    async with local_town(tmp_path, url=url) as place, place.store.begin() as tx:
        assert await tx.duties.attachments(1) == before
