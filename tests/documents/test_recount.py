"""The annual report on a simulated town, as the command writes it: every figure recounted straight from the tables."""

import asyncio
import re
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.compose.office import ledger_of
from bot.compose.simulating import Plan, simulate, town_in
from bot.config import load_settings
from bot.domain.town import Role, Town
from handlers.documents.charts import chinese_font
from tests.documents.recount import NONE, Tables, busy, grouped, months, overdue, ratings, read_report, recounted

MONTH = Plan(2026, cases=240, seed=8, activity=0.2, until=datetime(2026, 1, 31, 4, tzinfo=UTC))
"""A month of a year of 240 cases: a meeting, visits, a report with its answer, and what comes of some twenty cases."""


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("year")
    assert asyncio.run(simulate(town_in(folder), MONTH)).tally.besides["supplement"]
    return folder


def differences(folder: Path, out: Path) -> list[str]:
    """Writes the annual report on a simulated town, and says what in it is not as the tables have it."""
    before = datetime.now(UTC)
    config = folder / "config.toml"
    assert main(["report", "--config", str(config), "--kind", "annual", "--period", "2026", "--out", str(out)]) == 0
    prose, tables, charts = read_report(out)
    town = asyncio.run(town_in_force(config))
    connection = sqlite3.connect(folder / "simulated.sqlite")
    try:
        counted = Tables(connection, 2026)
        wanted = recounted(counted)
        topics = grouped(counted, "topic", {topic.id: topic.name for topic in town.topics}, "未分类")
        villages = grouped(counted, "village", {village.id: village.name for village in town.villages}, "地点不明")
        late, by_month, rated, done = overdue(counted, before), months(counted), ratings(counted), busy(counted)
    finally:
        connection.close()
    by_header = {rows[0][0]: rows[1:] for rows in tables}
    said = {label: (now, before) for label, now, before, _, _ in by_header["项目"]}
    wrong = [f"{label}: {said.get(label)}, {now}" for label, now in wanted.items() if said.get(label) != (now, NONE)]
    wrong += [f"not recounted: {label}" for label in said if label not in wanted]
    phrases = [f"{label}{_sign(now)}{now}〔" for label, now in wanted.items()]
    for header, rows in (("类别", topics), ("村、社区", villages)):
        found = next(table[1:] for table in tables if table[0][:2] == (header, "件数"))
        wrong += [f"{header}: {found}, {rows}"] if found != rows else []
    listed = [(number, due) for number, _, _, due, _ in by_header.get("编号", ())]
    wrong += [f"overdue: {listed}, {late}"] if listed != late[:20] else []
    wrong += [] if not late or f"，共{len(late)}件" in prose else ["overdue: their number"]
    seats = town.seats_of(Role.DEPUTY)
    still = sum(seat.id not in done for seat in seats)
    told = (
        *phrases,
        f"联络站{len(town.stations)}个〔",
        f"人大代表{len(seats)}名〔",
        f"本期没有走访记录的代表{still}名：" if still else "",
        f"超过期限尚未答复{len(late)}件" if late else "",
        f"群众评价不满意{rated['不满意']}件" if rated["不满意"] else "",
        f"答复后没有评价{rated['没有评价']}件" if rated["没有评价"] else "",
    )
    wrong += [f"not in the prose: {words}" for words in told if words not in prose]
    if chinese_font():  # without one, a table stands in a chart's place
        drawn = [int(number) for number in re.findall(r"月 (\d+)", charts["各月收到的群众意见"])]
        wrong += [f"months: {drawn}, {by_month}"] if drawn != by_month else []
        wrong += [f"ratings: {rated}"] if charts["已答复意见的群众评价"] != _bars(rated.items()) else []
        for title, rows in (("各类别的群众意见", topics), ("各村、社区的群众意见", villages)):
            bars = _bars((name, number) for name, number, *_ in rows[:10])
            wrong += [f"{title}: {charts[title]}, {bars}"] if charts[title] != bars else []
    return wrong


async def town_in_force(config: Path) -> Town:
    """With what the office has changed in chat."""
    async with ledger_of(load_settings(config, {})) as (ledger, _):
        return ledger.town


def _bars(pairs: Iterable[tuple[str, object]]) -> str:
    return "；".join(f"{name} {number}" for name, number in pairs)


def _sign(said: str) -> str:
    return "：" if said == NONE else ""


def test_every_figure_of_the_annual_report_is_what_the_tables_hold(
    year: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XIANGYIN_IDENTITY_KEYS")  # the simulated town has keys of its own
    assert differences(year, tmp_path / "out.docx") == []
