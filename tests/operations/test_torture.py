"""A few strikes of every fault on whole bots: `python -m bot torture` strikes as often as it is told to."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.compose.torture.child import TARGET
from bot.compose.torture.cluster import Postgres, postgres_at
from bot.compose.torture.judge import Row, Setting
from bot.compose.torture.nursery import Nursery, nursery
from bot.compose.torture.plan import FAULTS, Fault, Wish, strike
from tests.support.postgres import programs


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def born() -> AsyncIterator[Nursery]:
    async with nursery(TARGET) as found:
        yield found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def own_server() -> AsyncIterator[Postgres]:
    async with postgres_at(str(programs())) as found:
        yield found


def cases() -> list[object]:
    """Each fault once, in its last setting; kills in each of theirs."""
    found = [(fault, setting) for fault in FAULTS for setting in fault.settings]
    wanted = [(f, s) for f, s in found if f.name == "kill" or s == f.settings[-1]]
    return [pytest.param(*pair, id=f"{pair[0].name}-{pair[1].channel}-{pair[1].database}") for pair in wanted]


@pytest.mark.kill
@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("fault", "setting"), cases())
async def test_a_fault_loses_nothing_and_doubles_nothing(
    fault: Fault, setting: Setting, born: Nursery, own_server: Postgres
) -> None:
    row = await strike(fault, setting, Wish(kills=8, seconds=90), born, own_server)
    assert row.passed, str(row)
    assert row.times
    assert row.acknowledged > 20


def test_a_row_that_lost_or_doubled_something_has_not_passed() -> None:
    place = Setting("polling", "sqlite")
    assert Row("calm", place).passed
    assert not Row("calm", place, lost=1).passed
    assert not Row("calm", place, doubled=1).passed
    assert not Row("calm", place, twins=2, promised=1).passed
    assert not Row("calm", place, wrong=["something"]).passed
