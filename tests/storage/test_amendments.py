"""What the office changed is numbered without gaps, comes back as it was, and is never edited."""

import asyncio
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from bot.domain.amendments import Amendment, Changes, to_be
from storage.engine import normalise_url, plain_transaction
from storage.store import SqlStore, open_store
from tests.support.stores import KEYS

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def amendment(number: int, changes: Changes | None = None) -> Amendment:
    return Amendment(number, NOW, None, "曾德清", "换届", changes or {"setting:limits.accept": to_be("5d")})


async def test_amendments_come_back_oldest_first_as_they_were(store: SqlStore) -> None:
    one = amendment(
        1, {"seat:a": to_be(None), "village:b": to_be({"name": "石龙村", "aliases": ["石龙"]}), "text:x": {}}
    )
    async with store.begin() as tx:
        assert await tx.amendments.newest() == 0
        assert await tx.amendments.add(one)
        assert await tx.amendments.add(amendment(2))
    async with store.begin() as tx:
        assert await tx.amendments.newest() == 2
        assert await tx.amendments.all() == [one, amendment(2)]


@pytest.mark.parametrize("number", [0, 1, 3])
async def test_a_number_that_is_taken_or_leaves_a_gap_is_refused(store: SqlStore, number: int) -> None:
    async with store.begin() as tx:
        await tx.amendments.add(amendment(1))
        assert not await tx.amendments.add(amendment(number))
        assert await tx.amendments.newest() == 1


async def test_of_two_who_change_something_at_once_one_is_told_to_look_again(store: SqlStore, url: str) -> None:
    other = await open_store(url, KEYS)

    async def change(where: SqlStore) -> bool:
        async with where.begin() as tx:
            return await tx.amendments.add(amendment(1))

    try:
        assert sorted(await asyncio.gather(change(store), change(other))) == [False, True]
    finally:
        await other.close()


@pytest.mark.parametrize("attack", ["UPDATE amendments SET who = 'x'", "DELETE FROM amendments"])
async def test_the_database_itself_refuses_to_rewrite_who_changed_what(store: SqlStore, url: str, attack: str) -> None:
    async with store.begin() as tx:
        await tx.amendments.add(amendment(1))
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), plain_transaction(normalise_url(url)) as connection:
        connection.exec_driver_sql(attack)
