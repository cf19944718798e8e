"""A living town moves from one database to another: all of it, provably, and also after being broken off."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from bot.__main__ import main
from storage.copying import CopyError, copy_database
from storage.engine import normalise_url, plain_transaction
from storage.migrate import migrate
from tests.support.chat import LocalTown, local_town
from tests.support.postgres import database


@pytest.fixture
def other(tmp_path: Path, server: str, url: str) -> Iterator[str]:
    """An empty database of the other kind than `url`."""
    if url.startswith("postgresql"):
        yield f"sqlite:{tmp_path / 'copy.sqlite'}"
        return
    with database(server) as made:
        yield made


async def live_a_little(place: LocalTown) -> None:
    villager = place.client("v1")
    await villager.agree()
    deputy = await place.staff("d1", place.town.deputies_of("shilong")[0].id)
    await villager.submit("我们石龙村的路灯坏了半个月")
    await deputy.tap("接办")
    await villager.submit("石龙村村口垃圾没人收，臭得很\0")
    await villager.photos(2, "石龙村还有一件：水沟堵了")


async def test_a_town_goes_on_living_in_the_other_database(url: str, other: str, tmp_path: Path) -> None:
    async with local_town(tmp_path, url=url) as place:
        await live_a_little(place)
        drafts = [await newest_draft(place)]
    found = await copy_database(url, other)
    assert found["cases"] == 2
    assert found["case_events"] == 3
    async with local_town(tmp_path, url=other) as moved:
        moved.keys = place.keys
        villager = moved.client("v1")
        await villager.say("1")
        await villager.say("1")
        await villager.submit("石龙村的桥塌了一角")
        assert [case.number[-6:] for case in await moved.cases()] == ["000001", "000002", "000003", "000004"]
        drafts.append(await newest_draft(moved))
        async with moved.store.begin() as tx:
            assert await tx.inbox.parked() == []
    assert drafts[1] > drafts[0]


async def newest_draft(place: LocalTown) -> int:
    async with place.store.begin() as tx:
        person = await tx.people.find("local", "v1")
        assert person
        draft = await tx.drafts.current(person.id) or await tx.drafts.last_finished(person.id, "submission")
    return draft.id if draft else 0


async def test_ids_of_deleted_drafts_are_not_given_out_again(url: str, other: str, tmp_path: Path) -> None:
    async with local_town(tmp_path, url=url) as place:
        villager = place.client("v1")
        await villager.agree()
        await villager.say("石龙村的路灯坏了")
        gone = await newest_draft(place)
        async with place.store.begin() as tx:
            await tx.drafts.drop(gone)
    await copy_database(url, other)
    async with local_town(tmp_path, url=other) as moved:
        moved.keys = place.keys
        await moved.client("v1").say("石龙村的路灯坏了")
        assert await newest_draft(moved) > gone


async def test_a_copy_that_was_broken_off_is_resumed(url: str, other: str, tmp_path: Path) -> None:
    class BrokenOff(Exception):
        pass

    def stop_after_cases(table: str, rows: int) -> None:
        if table == "cases":
            raise BrokenOff

    async with local_town(tmp_path, url=url) as place:
        await live_a_little(place)
    with pytest.raises(BrokenOff):
        await copy_database(url, other, stop_after_cases)
    again: dict[str, int] = {}
    found = await copy_database(url, other, again.__setitem__)
    assert found["cases"] == 2
    assert again["cases"] == 1, "only the last row is read again"


async def test_a_source_that_went_on_after_a_broken_copy_is_noticed(sqlite_url: str, tmp_path: Path) -> None:
    target = f"sqlite:{tmp_path / 'copy.sqlite'}"
    async with local_town(tmp_path, url=sqlite_url) as place:
        await live_a_little(place)
        await copy_database(sqlite_url, target)
        await place.client("d1").press("c:2:take")
    with pytest.raises(CopyError, match="cases: 2 rows in the source, 2 in the target, and not the same ones"):
        await copy_database(sqlite_url, target)


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("UPDATE cases SET head = 'x' WHERE id = 1", "case 1 does not lead to its present state"),
        ("DROP TRIGGER case_events_no_update; UPDATE case_events SET seat = 'x' WHERE seq = 1", "case 1 is broken"),
    ],
)
async def test_a_history_that_was_tampered_with_is_not_passed_on(
    sqlite_url: str, tmp_path: Path, statement: str, message: str
) -> None:
    async with local_town(tmp_path, url=sqlite_url) as place:
        await live_a_little(place)
    with plain_transaction(normalise_url(sqlite_url)) as connection:
        for part in statement.split(";"):
            connection.execute(sa.text(part))
    with pytest.raises(CopyError, match=message):
        await copy_database(sqlite_url, f"sqlite:{tmp_path / 'copy.sqlite'}")


def test_the_command_says_what_it_copied_and_fails_for_a_foreign_address(
    sqlite_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = f"sqlite:{tmp_path / 'copy.sqlite'}"
    assert main(["copy", "--from", sqlite_url, "--to", target]) == 0
    assert "全部一致" in capsys.readouterr().out
    assert main(["copy", "--from", sqlite_url, "--to", sqlite_url]) == 1
    assert main(["copy", "--from", sqlite_url, "--to", "mysql://x"]) == 1
    assert main(["copy", "--from", f"sqlite:{tmp_path / 'none.sqlite'}", "--to", target]) == 1


def test_an_unmigrated_postgres_target_is_made_by_the_copy(server: str, sqlite_url: str) -> None:
    with database(server) as url:
        asyncio.run(copy_database(sqlite_url, url))
        with psycopg.connect(url) as connection:
            row = connection.execute("SELECT count(*) FROM cases").fetchone()
        assert row == (0,)


async def test_migrating_twice_and_copying_into_the_copy_changes_nothing(sqlite_url: str, tmp_path: Path) -> None:
    target = f"sqlite:{tmp_path / 'copy.sqlite'}"
    await migrate(target)
    async with local_town(tmp_path, url=sqlite_url) as place:
        await live_a_little(place)
    assert await copy_database(sqlite_url, target) == await copy_database(sqlite_url, target)
