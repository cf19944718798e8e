"""A simulated town: two weeks of it through the real bot, counted over again, and the same for the same seed."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.compose.simulating import Plan, simulate, town_in
from bot.compose.stores import open_town_store
from bot.config import Settings
from bot.ports import CaseFilter
from bot.simulation.outcome import Outcome

WEEKS = Plan(2026, cases=600, seed=7, activity=0.05, until=datetime(2026, 1, 14, 4, 0, tzinfo=UTC))


async def heads(settings: Settings) -> dict[str, str]:
    """The hash of every case's whole history."""
    store = await open_town_store(settings)
    try:
        async with store.begin() as tx:
            return {case.number: case.head for case in await tx.cases.find(CaseFilter())}
    finally:
        await store.close()


def told(outcome: Outcome) -> dict[str, object]:
    """The outcome without what depends on the machine."""
    plain = outcome.plain()
    return {name: plain[name] for name in plain if name not in ("seconds", "work_seconds", "memory_mb", "config")}


async def test_two_weeks_of_the_town_agree_with_a_recount_and_come_out_the_same_again(tmp_path: Path) -> None:
    first, second = town_in(tmp_path / "first"), town_in(tmp_path / "second")
    outcome = await simulate(first, WEEKS)
    assert outcome.wrong == []
    assert sum(outcome.tally.cases.values()) > 10
    assert outcome.tally.events["rate"] > 0
    assert outcome.tally.besides["amendment"] == 1
    assert outcome.received["text", "villager"] > 15
    assert outcome.sent["text", "deputy"] > 80
    again = await simulate(second, WEEKS)
    assert told(again) == told(outcome)
    assert await heads(second) == await heads(first)


def test_a_simulated_year_never_goes_where_data_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    town_in(tmp_path)
    assert main(["simulate", "--cases", "5", "--year", "2026", "--data", str(tmp_path)]) == 2
    assert "config.toml" in capsys.readouterr().err
