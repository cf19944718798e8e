"""Several towns in one PostgreSQL database: a role and a schema for each, kept apart by the server itself."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.engine import make_url

from storage.engine import normalise_url
from storage.locks import held
from storage.migrate import migrate
from storage.postgres import Postgres
from tests.support.chat import local_town
from tests.support.postgres import database

TOWNS = ("xy_test_east", "xy_test_west")


@pytest.fixture
def urls(server: str) -> Iterator[list[str]]:
    """One database with two towns, made as docs/scale.md says."""
    with database(server) as url:
        with psycopg.connect(url, autocommit=True) as admin:
            admin.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
            for town in map(sql.Identifier, TOWNS):
                admin.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'for-this-test'").format(town))
                admin.execute(sql.SQL("CREATE SCHEMA AUTHORIZATION {}").format(town))
        try:
            yield [
                make_url(url).set(username=town, password="for-this-test").render_as_string(hide_password=False)
                for town in TOWNS
            ]
        finally:
            with psycopg.connect(url, autocommit=True) as admin:
                for town in map(sql.Identifier, TOWNS):
                    admin.execute(sql.SQL("DROP OWNED BY {0} CASCADE").format(town))
                    admin.execute(sql.SQL("DROP ROLE {0}").format(town))


async def test_towns_in_one_database_count_their_own_cases_and_cannot_read_each_other(
    urls: list[str], tmp_path: Path
) -> None:
    async with AsyncExitStack() as stack:
        for url, words in zip(urls, ("石龙村的路灯坏了", "石龙村的水管漏水"), strict=True):
            await migrate(url)
            (tmp_path / words).mkdir()
            place = await stack.enter_async_context(local_town(tmp_path / words, url=url))
            villager = place.client("v1")
            await villager.agree()
            case = await villager.submit(words)
            assert case.number.endswith("000001")
            assert [one.text for one in await place.cases()] == [words]
    with psycopg.connect(urls[0]) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(sql.SQL("SELECT * FROM {}.cases").format(sql.Identifier(TOWNS[1])))


async def test_a_town_that_holds_a_name_does_not_keep_its_neighbour_waiting(urls: list[str]) -> None:
    east, west, again = (Postgres(normalise_url(url)) for url in (*urls, urls[0]))
    try:
        async with east.transaction() as first, west.transaction() as second:
            await first.hold("sweep")
            await asyncio.wait_for(second.hold("sweep"), 10)
            async with again.transaction() as third:
                name = sa.select(held(sa.literal("sweep")))
                assert await third.value(name) is False
    finally:
        for one in (east, west, again):
            await one.close()
